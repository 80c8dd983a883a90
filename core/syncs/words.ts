import type { Counters } from './run-work.ts';

/** What a message about a run is made of. */
export interface About {
  /** The stream's title: `Contacts`. */
  readonly title: string;
  /** The account's label: `Blue Fitness`. */
  readonly account: string;
  readonly counters: Counters;
  /** Records of the stream there are here now. */
  readonly held?: number | undefined;
}

const NUMBER = new Intl.NumberFormat('en');

/** `Synced 12 contacts (12 changed) from Blue Fitness; 3,412 contacts in all.` */
export function succeeded({ title, account, counters, held }: About): string {
  const { seen, written, deleted } = counters;
  const inAll = held === undefined || held === seen ? '' : `; ${count(held, title)} in all`;
  return `Synced ${count(seen, title)}${changes(seen, written + deleted)} from ${account}${inAll}.`;
}

/** `Synced 98 of 100 contacts from Blue Fitness; 2 failed: c7 (no e-mail address), c9 (…).` */
export function withFailures({ title, account, counters }: About): string {
  const { seen, failed, failures } = counters;
  const shown = failures.slice(0, 3).map(({ id, reason }) => `${id} (${reason})`);
  const more = failed > shown.length ? ', …' : '';
  return `Synced ${NUMBER.format(seen - failed)} of ${count(seen, title)} from ${account}; ${NUMBER.format(failed)} failed: ${shown.join(', ')}${more}.`;
}

/** The same with what the provider withheld or estimated, in its plugin's words. */
export function noted(message: string, notes: readonly string[]): string {
  return [message, ...notes].join(' ');
}

/** Of records that went because the settings choose others now. */
export function wentUnchosen(amount: number, title: string): string {
  return `Removed here, as the settings do not choose them any more: ${count(amount, title)}.`;
}

/** Of records that were written here while a page was on its way. `2 contacts were left as they are: …` */
export function leftOut(amount: number, title: string): string {
  if (amount === 1) return `${count(1, title)} was left as it is: something newer was here.`;
  return `${count(amount, title)} were left as they are: something newer was here.`;
}

/** A run that found too many missing. */
export function guarded(about: About, { missing, stored }: { missing: number; stored: number }): string {
  return (
    `${succeeded(about)} Nothing was deleted: ${NUMBER.format(missing)} of ${count(stored, about.title)} kept here were not ` +
    'there any more, which is more than a third. Check the account and its permissions. If they are really gone, say so, and they are removed here too.'
  );
}

export function cancelled({ title, counters }: Pick<About, 'title' | 'counters'>): string {
  return `Cancelled after ${count(counters.seen, title)}; they are kept.`;
}

/** `reason` says what failed and what to do. */
export function stopped(reason: string, { title, counters }: Pick<About, 'title' | 'counters'>): string {
  if (counters.seen === 0) return reason;
  return `${reason} Stopped after ${count(counters.seen, title)}; they are kept.`;
}

function changes(seen: number, changed: number): string {
  if (seen === 0 && changed === 0) return '';
  return changed === 0 ? ' (none changed)' : ` (${NUMBER.format(changed)} changed)`;
}

/** `1 contact`, `3,412 contacts`. */
export function count(amount: number, title: string): string {
  // "SMS messages" keeps its capitals.
  const plural = /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
  return `${NUMBER.format(amount)} ${amount === 1 ? singular(plural) : plural}`;
}

function singular(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return plural.endsWith('s') && !plural.endsWith('ss') ? plural.slice(0, -1) : plural;
}
