import { census, heldUnder, kidsOf } from '../vault/census.ts';
import type { RotationState } from '../vault/rotation-store.ts';
import { type Keys, wireKeys } from '../wire-keys.ts';
import { type Command, type Io, options } from './command.ts';
import { withDatabase } from './with-database.ts';

export const keysStatusCommand: Command = {
  name: 'keys status',
  summary: 'show the keys, what is sealed with each, which hub has which, and how far a rotation is',
  usage: '',
  async run(args, io) {
    options(args, {});
    const config = io.readConfig();
    io.out(`The ring is kept in ${config.keyFile ?? 'HUB_KEYS'}.`);
    await withDatabase(config, (dataSource) => show(wireKeys(dataSource, config), io));
    return 0;
  },
};

async function show({ ring, sealed, hosts, rotations }: Keys, io: Io): Promise<void> {
  const held = await census(sealed);
  for (const kid of ring.kids) {
    const what = heldUnder(held, kid) || 'nothing is sealed with it';
    io.out(`  ${kid}  ${kid === ring.kids[0] ? 'first ' : 'opens '}  ${what}`);
  }
  for (const kid of kidsOf(held).filter((one) => !ring.kids.includes(one))) {
    io.out(`  ${kid}  ABSENT  ${heldUnder(held, kid)}: put this key back, last in the ring`);
  }
  for (const { name, sealsWith, kids, silentSeconds } of await hosts.live()) {
    io.out(`The hub ${name} seals with ${sealsWith} and has ${kids.join(', ')}; it was heard ${silentSeconds} s ago.`);
  }
  const last = await rotations.last();
  if (last) io.out(rotationLine(last));
}

function rotationLine({ kid, done, total, unreadable, finishedAt, progressAt }: RotationState): string {
  const state = finishedAt
    ? `was finished on ${finishedAt.toISOString()}`
    : `is under way, or was interrupted, at ${progressAt.toISOString()}`;
  const failed = unreadable > 0 ? `; ${unreadable.toLocaleString('en')} are opened by no key` : '';
  return `The rotation to ${kid} ${state}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} secrets${failed}.`;
}
