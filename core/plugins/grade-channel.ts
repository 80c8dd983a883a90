import { type Finding, RULES, type RuleId } from './rules.ts';

/** Of a process that grades: where it answers, and what the kernel closes when the hub is gone. */
export const ANSWER_FD = 3;
export const LIFELINE_FD = 4;

/** What a process that grades reads from its standard input, to the end of it. */
export interface Task<Folder> {
  readonly folder: Folder;
  /** Begins the answer. It is read before any code of the plugin runs, which can write to the same place. */
  readonly secret: string;
  readonly timeoutMs: number;
}

/** The findings are of the content with this hash; where the check could not go on, `error` says why. */
export type Answer = { readonly findings: readonly Finding[]; readonly hash: string } | { readonly error: string };

export function writtenAnswer(secret: string, answer: Answer): string {
  return secret + JSON.stringify(answer);
}

/** @returns undefined for anything but a whole answer to whoever has the secret */
export function readAnswer(secret: string, text: string): Answer | undefined {
  if (!text.startsWith(secret)) return undefined;
  try {
    const { error, findings, hash } = JSON.parse(text.slice(secret.length)) as Record<string, unknown>;
    if (typeof error === 'string') return { error };
    if (typeof hash !== 'string' || !Array.isArray(findings)) return undefined;
    return { findings: findings.map(soundFinding), hash };
  } catch {
    return undefined;
  }
}

/** A level is the rule's, whatever is said of it. */
function soundFinding(found: unknown): Finding {
  const { rule, file, line, message } = found as Record<string, unknown>;
  const isSound =
    typeof rule === 'string' && Object.hasOwn(RULES, rule) && typeof file === 'string' && typeof message === 'string';
  if (!isSound || !(line === undefined || Number.isSafeInteger(line))) throw new Error('not a finding');
  const id = rule as RuleId;
  return { rule: id, level: RULES[id].level, file, ...(line !== undefined && { line: line as number }), message };
}

/** Ends a process that grades and all that it started; one that is gone is left alone. */
export function endGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
