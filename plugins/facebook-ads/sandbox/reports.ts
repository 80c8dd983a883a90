import type { Doc } from './base.ts';

/** A report that is being made; `params` as they were asked for. */
export interface Report {
  readonly id: string;
  readonly account: string;
  readonly user: string;
  readonly params: Readonly<Record<string, string>>;
  asked: number;
  readonly fails: boolean;
}

const LIVING = 50;

/** Asynchronous insights: a report is ready the second time somebody asks. */
export class Reports {
  readonly saved: Report[];
  /** How many of the next reports end in failure. */
  failNext = 0;
  /** Purchases that were attributed later, for each row. */
  restated = 0;
  /** How often a report has to be asked for until it is ready. */
  patience = 2;
  readonly #changed: () => void;

  constructor(saved: Report[] | undefined, changed: () => void) {
    this.saved = saved ?? [];
    this.#changed = changed;
  }

  begin(given: Omit<Report, 'id' | 'asked' | 'fails'>): Report {
    const fails = this.failNext > 0;
    if (fails) this.failNext -= 1;
    const last = Number(this.saved.at(-1)?.id ?? '6100000000000000');
    const report = { ...given, id: String(last + 1), asked: 0, fails };
    this.saved.push(report);
    if (this.saved.length > LIVING) this.saved.shift();
    this.#changed();
    return report;
  }

  find(id: string): Report | undefined {
    return this.saved.find((report) => report.id === id);
  }

  /** How far it is, one step further than the last time. */
  ask(report: Report): Doc {
    report.asked += 1;
    this.#changed();
    const done = report.asked >= this.patience;
    const status = !done ? 'Job Running' : report.fails ? 'Job Failed' : 'Job Completed';
    return {
      id: report.id,
      account_id: report.account.replace('act_', ''),
      async_status: status,
      async_percent_completion: done && !report.fails ? 100 : Math.min(95, report.asked * 40),
      ...(done && report.fails && { error_code: 2 }),
    };
  }

  ready(report: Report): boolean {
    return report.asked >= this.patience && !report.fails;
  }
}
