import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly exe: string;
  readonly cwd: string;
}

/** Postmasters that work on a cluster below `dir`. */
export function serversBelow(dir: string): number[] {
  const servers = processes().filter(({ exe, cwd }) => exe.endsWith('/postgres') && cwd.startsWith(dir));
  const numbers = new Set(servers.map(({ pid }) => pid));
  return servers.filter(({ parent }) => !numbers.has(parent)).map(({ pid }) => pid);
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

export function childrenOf(pid: number): number[] {
  return processes()
    .filter(({ parent }) => parent === pid)
    .map((child) => child.pid);
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [exe, cwd] = [readlinkSync(`/proc/${name}/exe`), readlinkSync(`/proc/${name}/cwd`)];
        return [{ pid: Number(name), parent: parentOf(Number(name)), exe, cwd }];
      } catch {
        return []; // It ended, or belongs to somebody else.
      }
    });
}
