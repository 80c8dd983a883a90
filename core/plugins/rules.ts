/**
 * What a rule is worth: `error` keeps a plugin from being loaded, the others are needed for that grade and all above it.
 */
export type Level = 'error' | 'bronze' | 'silver' | 'gold';

/** From worst to best; `none` also for a plugin that loads but breaks a bronze rule. */
export const GRADES = ['none', 'bronze', 'silver', 'gold'] as const;
export type Grade = (typeof GRADES)[number];

interface Rule {
  readonly level: Level;
  /** What holds where the rule is kept; also the heading in docs/checker-rules.md. */
  readonly title: string;
}

const rule = (level: Level, title: string): Rule => ({ level, title });

/** Every rule by its number. Numbers are for good: one that is dropped is not given again. */
export const RULES = {
  P001: rule('error', "The folder's name is the plugin's id"),
  P002: rule('error', 'The folder bundles'),
  P003: rule('error', 'Imports stay within reach'),
  P004: rule('error', 'Modules load without throwing'),
  P005: rule('error', 'The index exports a plugin'),
  P006: rule('error', 'The manifest has its shape'),
  P007: rule('error', 'Forms can be filled in'),
  P008: rule('error', 'Ways to connect are complete'),
  P009: rule('error', 'Handlers have their shape'),
  P010: rule('error', 'The webhook refuses what nobody signed'),
  P011: rule('error', 'The icon is safe and small'),
  P012: rule('error', 'The simulator has its shape'),
  P013: rule('error', 'A coming-soon card is a card only'),
  P014: rule('error', 'Nothing shown names a brand the white label forbids'),
  P101: rule('bronze', 'There is an icon'),
  P102: rule('bronze', 'There is a README'),
  P103: rule('bronze', 'Secrets are marked'),
  P104: rule('bronze', 'Scopes are explained, each in its own words'),
  P105: rule('bronze', 'The webhook refuses forged and tampered calls of its simulator'),
  P106: rule('bronze', 'Streams move their checkpoint and end'),
  P201: rule('silver', 'There is a simulator that answers for every host'),
  P202: rule('silver', 'The plugin connects to its simulator'),
  P203: rule('silver', 'A wrong credential is refused'),
  P204: rule('silver', 'Streams resume from each checkpoint'),
  P205: rule('silver', 'Repeated webhooks are recognised'),
  P206: rule('silver', 'There are tests that run the contract suite'),
  P207: rule('silver', 'The README tells what an operator needs'),
  P208: rule('silver', 'Sentences in the source name no forbidden brand'),
  P209: rule('silver', 'The simulator sends a webhook'),
  P210: rule('silver', 'Records read in the shared shape of their stream'),
  P301: rule('gold', 'Trouble at the provider is told apart'),
  P302: rule('gold', 'Garbage from the provider trips nothing'),
  P303: rule('gold', 'The connection can be tested in words'),
  P304: rule('gold', 'Actions say what they do'),
  P305: rule('gold', 'Fields say what they are for'),
  P306: rule('gold', 'Actions work on their simulator'),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;

/** Goes up when a rule or its check changes, so that grades are computed again. */
export const RULES_VERSION = 6;

/** Something the checker has against a plugin. */
export interface Finding {
  readonly rule: RuleId;
  readonly level: Level;
  /** `plugins/acme/manifest.ts`, or the folder where it is no file's. */
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** What the checker says of a folder: computed, never claimed. */
export interface Graded {
  readonly grade: Grade;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Of the content that was graded, empty where it changed meanwhile; undefined where the check did not come to its end. */
  readonly hash?: string;
}

/** `plugins/acme/manifest.ts:12: P006: auth[0].title is missing; …` */
export function writtenFinding({ file, line, rule, message }: Finding): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${rule}: ${message}`;
}

/** The best grade all of whose rules are kept. */
export function gradeOf(findings: readonly Finding[]): Grade {
  const broken = new Set(findings.map(({ level }) => level));
  if (broken.has('error') || broken.has('bronze')) return 'none';
  if (broken.has('silver')) return 'bronze';
  return broken.has('gold') ? 'silver' : 'gold';
}

export function isBelow(grade: Grade, minimum: Grade): boolean {
  return GRADES.indexOf(grade) < GRADES.indexOf(minimum);
}
