import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Canaries } from './support/canaries/canaries.ts';
import { type CanaryHub, canaryHub, letters } from './support/canaries/canary-hub.ts';
import { archive, commandLine, dump, mails } from './support/canaries/channels.ts';
import { crawl, type Found } from './support/canaries/crawler.ts';
import * as people from './support/canaries/people-flows.ts';
import * as flows from './support/canaries/provider-flows.ts';

let room: CanaryHub;
let owner: people.Visit;
let staff: people.Visit;
let hubName = 'Patchbay';

/** Where a secret could turn up: the pieces of it, each with a name of its own. */
interface Channel {
  /** Leaves a word there, as a mistake would. */
  plant(word: string): Promise<unknown> | unknown;
  read(): Promise<readonly string[]> | readonly string[];
}

const named = (word: string) => room.hub.rows(`update stores set name = $1 where slug = 'default'`, [word]);
const shown = ({ on, status, text }: Found) => `${on}: ${status} ${text}`;

const CHANNELS: Readonly<Record<string, Channel>> = {
  'lines of the log': {
    plant: (word) => room.log.warn({ deep: { er: [word] } }, 'planted'),
    read: () => room.logged,
  },
  'answers to calls and forms': { plant: (word) => void room.told.push(word), read: () => room.told },
  'pages and the API': { plant: named, read: async () => (await crawl(room, [owner.browser, staff.browser])).map(shown) },
  'the database': { plant: named, read: () => dump(room.hub) },
  'the archive of a store': { plant: named, read: async () => [await archive(room)] },
  'mails, in both languages': { plant: named, read: () => mails(room) },
  'what commands print': {
    plant: (word) => {
      hubName = word;
    },
    read: async () => [await commandLine(room, hubName)],
  },
};

const HIDDEN = '[redacted]';
/** What the plugins did with the secrets they were shown, as it is written down or answered. */
const SAID = [
  ...['while syncing', 'the sync failed', 'strayed', 'the event failed', 'no lists', 'Not taken:', 'Later'].map(
    (sentence) => `${sentence} with ${HIDDEN} and ${HIDDEN}`,
  ),
  ...['identified by', 'cannot verify with', 'cannot renew', 'not taken: hub'].map((sentence) => `${sentence} ${HIDDEN}`),
];

beforeAll(async () => {
  room = await canaryHub();
  owner = await people.operator(room);
  staff = await people.person(room, owner);
  const ids = {
    leaky: await flows.connectByConsent(room, 'leaky', 'acc-1'),
    keys: await flows.connectByKeys(room, 'leaky', 'acc-2'),
    spilling: await flows.connectByConsent(room, 'spilling', 'acc-1'),
  };
  for (const [name, id] of Object.entries(ids)) await flows.configure(room, name, id);
  await flows.useAll(room, 'leaky', ids.leaky);
  await flows.useAll(room, 'leaky', ids.keys);
  await flows.useAll(room, 'spilling', ids.spilling);
  await flows.webhooks(room, 'acc-1');
  await people.newPassword(room);
  await people.handedOut(room, owner);
  await people.wrongForms(owner);
  await flows.disconnect(room, ids.leaky);
  flows.collect(room);
}, 240_000);
afterAll(() => room?.close());

describe('a secret that went through everything the hub does is not in', () => {
  it.each(Object.keys(CHANNELS))('%s, where a word that was left there is found', async (name) => {
    const { plant, read } = CHANNELS[name] as Channel;
    const planted = new Canaries();
    await plant(planted.add('planted', letters()));
    const pieces = await read();
    expect(pieces.flatMap((piece) => room.canaries.find(piece))).toEqual([]);
    expect(pieces.flatMap((piece) => planted.find(piece))).not.toEqual([]);
  });

  it('the log nor an answer, although each of these was said', () => {
    const said = [...room.logged, ...room.told].join('');
    expect(SAID.filter((sentence) => !said.includes(sentence))).toEqual([]);
  });
});
