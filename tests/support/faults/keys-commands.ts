import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const HUB = fileURLToPath(new URL('../../../bin/hub.js', import.meta.url));

/** The command line, each command in a process of its own. */
export class HubCommands {
  readonly #running = new Set<ChildProcess>();

  run(line: string, env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, [HUB, ...line.split(' ')], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    const ended = new Promise<{ code: number | null; said: string }>((done) =>
      child.once('close', (code) => {
        this.#running.delete(child);
        done({ code, said });
      }),
    );
    return { child, ended };
  }

  /** Those that are left. */
  end(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}
