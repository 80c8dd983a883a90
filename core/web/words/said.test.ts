import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { askedBefore } from '../../integrations/renewals.ts';
import type { Incident } from '../../notices/incident-store.ts';
import { wordsOf } from '../../notices/incident-words.ts';
import { clausesOf } from '../../plugins/phrasebook.ts';
import { untold } from '../../plugins/sentences-check.ts';
import { type Spoken, spokenIn } from '../../plugins/spoken.ts';
import { cancelled, guarded, leftOut, stopped, succeeded, wentUnchosen, withFailures } from '../../syncs/words.ts';
import { packageFolder } from '../package-folder.ts';
import { eventWords } from '../view-models/event-view.ts';
import { forReader } from './reader.ts';
import { learnSentences, said, sentencesOf } from './said.ts';

const CORE = packageFolder('core');
const SOURCE = { id: 'core', dir: CORE, path: CORE, label: 'core', entry: 'main.ts', sandbox: undefined };
const WHOLE = /^[\p{Lu}{"].*[.?!]$/u;
/** Said to programs, to providers, at a terminal, or to who writes a plugin. */
const ELSEWHERE =
  /^core\/(cli|config|main|sdk\/(testing|simulator)|web\/(api|webhooks)|plugins\/(scaffold|sandbox|rules|icon|check|grade|[\w-]+-(check|rules|schema|findings))|vault\/(readiness|ring-watch)|inbox\/(reception|absent|intake|group-commit))\b/;
const SEEN = { seen: 4, written: 0, deleted: 0, failed: 0, older: 0, failures: [] };
const ABOUT = { title: 'Contacts', account: 'Blue', counters: SEEN };
/** As the source has it → as it is said, where it is put together of pieces; nothing where no page shows it. */
const OTHERWISE = new Map<string, readonly string[]>([
  ['ADMIN_EMAIL and ADMIN_PASSWORD cannot be used.', []],
  ['Another worker has taken over event {id}.', []],
  ['Sync {id} was ended or taken over by another worker.', []],
  ['This is a test.', []],
  ['Backups of the database hold the store until they are overwritten; people keep their logins.', []],
  ['All that fit, latest first, as a file.', []],
  // What the checker finds is English, as it is for developers.
  ['The icon{value} {message}.', []],
  ['The {name} {refusal}; it cannot be put back.', []],
  ['{subject} must be {value}.', ['Age must be a number.', 'Mail must be an e-mail address.', 'Each entry of Age must be text.']],
  ['{subject} must hold at least {limit} {value}.', ['Tags must hold at least 1 entry.', 'Tags must hold at least 2 entries.']],
  [
    '"{name}" is connected to {named}, but {said} {named4}. {again} {named6} to reconnect it, or connect {named7} as another account.',
    [
      '"Acme" is connected to A, but this key is of B.',
      'Use a key of A to reconnect it, or connect B as another account.',
      '"Acme" is connected to A, but you signed in to B.',
      'Sign in to A to reconnect it, or connect B as another account.',
    ],
  ],
  ['Connect again{value} before {dayOf}.', ['manual', 'oauth'].map((way) => askedBefore(new Date(), way as 'manual' | 'oauth'))],
  ['Its last three syncs failed{value}.', ['Its last three syncs failed.', 'Its last three syncs failed (contacts).']],
  [
    'Synced {count}{changes} from {account}{inAll}.',
    [0, 2, 4].flatMap((written) => [undefined, 9].map((held) => succeeded({ ...ABOUT, counters: { ...SEEN, written }, held }))),
  ],
  ['Synced {format} of {count} from {account}; {format4} failed: {join}{more}.', [1, 4].map((failed) => failing(failed))],
  ['Removed here, as the settings do not choose them any more: {count}.', [wentUnchosen(2, 'Contacts')]],
  ['{count} was left as it is: something newer was here.', [leftOut(1, 'Contacts')]],
  ['{count} were left as they are: something newer was here.', [leftOut(2, 'Contacts')]],
  [
    'Nothing was deleted: {format} of {count} kept here were not there any more, which is more than a third. Check the account and its permissions. If they are really gone, say so, and they are removed here too.',
    [guarded(ABOUT, { missing: 4, stored: 9 })],
  ],
  ['Cancelled after {count}; they are kept.', [cancelled(ABOUT)]],
  ['Stopped after {count}; they are kept.', [stopped('Reconnect it.', ABOUT)]],
]);

function failing(failed: number): string {
  return withFailures({ ...ABOUT, counters: { ...SEEN, failed, failures: [{ id: 'c7', reason: 'no e-mail address' }] } });
}

const german = { locale: 'de', timeZone: 'UTC' };
const inGerman = (text: string) => forReader(german, () => said(text));

describe('a sentence from below the pages', () => {
  it('stays as it was written where nobody has translated it, and in English', () => {
    expect(inGerman('The moon is full.')).toBe('The moon is full.');
    expect(said('Reconnect it.')).toBe('Reconnect it.');
  });

  it('is said in the reader’s language with what it says of, each in its place', () => {
    expect(inGerman('Blue Fitness stopped working.')).toBe('Blue Fitness funktioniert nicht mehr.');
    expect(inGerman('The last sync of contacts failed: Acme did not answer within 30 s (GET /contacts).')).toBe(
      'Die letzte Synchronisierung (contacts) ist fehlgeschlagen: Acme hat nicht innerhalb von 30 s geantwortet (GET /contacts).',
    );
  });

  it('is known among others it is joined with; the rest stays', () => {
    expect(inGerman('Odd words. Reconnect it.')).toBe('Odd words. Verbinden Sie neu.');
  });

  it.each(['needs-attention', 'ends-soon', 'sync-failing', 'silent', 'webhook-failing'] as const)(
    'is known of an incident: %s',
    (kind) => {
      const now = new Date();
      const id = 'f0a1';
      const incident: Incident = {
        ...{ storeId: id, id, kind, about: id, part: 'contacts', pluginId: 'acme', name: 'Blue', reason: null, message: null },
        ...{ since: now, notedAt: now, endedAt: null },
      };
      const { path: _, ...words } = wordsOf(incident, 'Acme');
      for (const text of Object.values(words)) expect([text, inGerman(text)]).not.toEqual([text, text]);
    },
  );

  it('costs no more where somebody has written a text that fits nearly, many times over', () => {
    const text = `x. Synced ${'a from b; c d '.repeat(100)}`;
    const before = process.cpuUsage();
    expect(inGerman(text)).toBe(text);
    expect(inGerman(`x${' stopped working.'.repeat(100_000)}`)).toContain('stopped working.');
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });

  it('writes its counts as the reader does', () => {
    expect(inGerman('Cancelled after 1,500 contacts; they are kept.')).toBe(
      'Abgebrochen nach 1.500 contacts; sie bleiben erhalten.',
    );
  });
});

describe('a sentence of a plugin', () => {
  const learn = (de: Record<string, string>, texts: Record<string, string> = {}) =>
    learnSentences('acme', { sentences: { de }, texts: { de: texts } });

  it('stays as it was said where the plugin has no translation of it, and in English', () => {
    learn({ 'Acme is full.': 'Acme ist voll.' });
    expect(inGerman('Acme is empty.')).toBe('Acme is empty.');
    expect(said('Acme is full.')).toBe('Acme is full.');
  });

  it('is said as its plugin translates it, and as the next generation does once that runs', () => {
    learn({ 'Acme is full.': 'Acme ist voll.' });
    expect(inGerman('The last sync of contacts failed: Acme is full.')).toContain('fehlgeschlagen: Acme ist voll.');
    learn({ 'Acme is full.': 'Bei Acme ist kein Platz mehr.' });
    expect(inGerman('Acme is full.')).toBe('Bei Acme ist kein Platz mehr.');
  });

  it('has what it says of in its own words: counts, days, sums, and several of them', () => {
    learn({
      'Connected to {who} ({mode}), {what}.': 'Verbunden mit {who} ({mode}), {what}.',
      '{count} lists': '{count} Listen',
      '{count} forms': '{count} Formulare',
      '{sum} available': '{sum} verfügbar',
      live: 'Echtbetrieb',
      'It ends on {day}.': 'Es endet am {day}.',
    });
    expect(inGerman('Connected to Blue (live), 1,200 lists and 2 forms. It ends on 2026-03-05.')).toBe(
      'Verbunden mit Blue (Echtbetrieb), 1.200 Listen und 2 Formulare. Es endet am 05.03.2026.',
    );
    expect(inGerman('Connected to Blue (live), USD 1,204.50 available.')).toContain('1.204,50\u00a0USD verfügbar.');
    expect(inGerman('live')).toBe('live');
    expect(inGerman('It ends on 5 March 2026 at 09:30 (Europe/Vienna).')).toBe('Es endet am 05.03.2026, 09:30 (Europe/Vienna).');
  });

  it('has what its forms and permissions are called in the words of its texts', () => {
    learn(
      { 'Set {what} first.': 'Geben Sie erst {what} an.' },
      { 'Order number': 'Bestellnummer', 'Read ads.': 'Anzeigen lesen.' },
    );
    expect(inGerman('Set order number first.')).toBe('Geben Sie erst Bestellnummer an.');
    expect(inGerman('Not allowed: read ads; sell cars. Connect again to allow it.')).toBe(
      'Nicht erlaubt: Anzeigen lesen; sell cars. Verbinden Sie neu, um es zu erlauben.',
    );
  });

  it('may be what its messages are called', () => {
    learn({ 'event ContactCreate': 'Kontakt angelegt' });
    expect(forReader(german, () => eventWords('ContactCreate'))).toBe('Kontakt angelegt');
    expect(eventWords('ContactCreate')).toBe('Contact created');
    expect(forReader(german, () => eventWords('ContactMerge'))).toBe('Contact merge');
    learnSentences('acme', { sentences: { en: { 'event leadgen': 'New lead' } } });
    expect(eventWords('leadgen')).toBe('New lead');
    expect(said('It came. It went.')).toBe('It came. It went.');
  });

  it('ends where the next one begins, though it could go on to the end of both; a name with a full stop is one name', () => {
    learn({ 'Connected to {who}, {what}.': 'Verbunden mit {who}, {what}.', 'It is slow.': 'Es ist langsam.' });
    expect(inGerman('Connected to Blue Inc. Austin, 3 contacts. It is slow.')).toBe(
      'Verbunden mit Blue Inc. Austin, 3 contacts. Es ist langsam.',
    );
  });
});

describe('the sentences of the hub', () => {
  let spoken: readonly Spoken[];
  beforeAll(async () => {
    spoken = await spokenIn(SOURCE);
  });

  it('that a page may show are said in every language, each of them', () => {
    const shown = spoken.filter(
      ({ sentence, file, isRead }) => isRead && WHOLE.test(sentence) && !ELSEWHERE.test(file) && !OTHERWISE.has(sentence),
    );
    expect(shown.length).toBeGreaterThan(200);
    for (const file of readdirSync(packageFolder('views/sentences'))) {
      expect(untold(shown, [sentencesOf(file)]).map(({ sentence, file: at, line }) => `${at}:${line} ${sentence}`)).toEqual([]);
    }
  });

  it.each([...OTHERWISE].flatMap(([, whole]) => whole))('that are put together of pieces are said as well: %s', (text) => {
    for (const sentence of text.split(/(?<=[.]) /)) expect(inGerman(text)).not.toContain(sentence);
  });

  it('that are put together of pieces, or that nobody reads, are still there', () => {
    const known = new Set(spoken.map(({ sentence }) => sentence));
    expect([...OTHERWISE.keys()].filter((sentence) => !known.has(sentence))).toEqual([]);
  });
});

describe('the sentences', () => {
  const files = readdirSync(packageFolder('views/sentences'));
  const source = sourceText();

  it.each(files)('of %s are those the code says', (file) => {
    const unknown = Object.keys(sentencesOf(file)).filter(
      (sentence) => !clausesOf(sentence).every((part) => source.includes(part)),
    );
    expect(unknown).toEqual([]);
  });

  it.each(files)('of %s say of the same in both languages', (file) => {
    const names = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted();
    const differing = Object.entries(sentencesOf(file)).filter(([own, other]) => names(own).join() !== names(other).join());
    expect(differing).toEqual([]);
  });
});

function sourceText(): string {
  const root = packageFolder('core');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')
    .replace(/['`] \+\s+['`]/g, '');
}
