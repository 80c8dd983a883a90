import { setTimeout as sleep } from 'node:timers/promises';
import { Audit } from '../access/audit.ts';
import { sqlOf } from '../database/transaction.ts';
import { census, kidsOf } from '../vault/census.ts';
import { readinessFor } from '../vault/readiness.ts';
import { requireKeys } from '../vault/ring-watch.ts';
import type { RotationState } from '../vault/rotation-store.ts';
import { type Keys, wireKeys } from '../wire-keys.ts';
import { type Command, type Io, options } from './command.ts';
import { withDatabase } from './with-database.ts';

const WAIT_MS = 1000;
const TELL_MS = 1000;

export const keysRotateCommand: Command = {
  name: 'keys rotate',
  summary: 'seal every secret anew under the first key; may be interrupted and run again',
  usage: '',
  async run(args, io) {
    options(args, {});
    const config = io.readConfig();
    return withDatabase(config, async (dataSource) => {
      const keys = wireKeys(dataSource, config);
      await keys.hosts.inTurn((sql) => requireKeys(keys, sql));
      // A hub that starts without this key from now on is told so.
      await keys.hosts.noteKey({ kid: keys.ring.currentKid, fingerprint: keys.ring.fingerprint(keys.ring.currentKid) as string });
      if (!(await isReady(keys, io))) return 1;
      const state = await rotate(keys, io);
      const { kid, done, unreadable, finishedAt } = state;
      const entry = { actor: 'cli', action: 'keys.rotate', detail: { name: kid, done, unreadable } };
      if (finishedAt !== null) await new Audit(sqlOf(dataSource)).record(entry);
      return conclude(keys, state, io);
    });
  },
};

/** Waits for hosts that will be ready by themselves. */
async function isReady({ ring, hosts }: Keys, io: Io): Promise<boolean> {
  for (let said = ''; ; await sleep(WAIT_MS)) {
    const readiness = readinessFor(ring.currentKid, await hosts.live());
    if (readiness.kind === 'ready') return true;
    if (readiness.kind === 'not-yet') io.err(`Nothing was changed. ${readiness.why}`);
    if (readiness.kind === 'not-yet') return false;
    // The seconds in it grow; the sentence is said once.
    const sentence = readiness.why.replace(/\d+ s/g, 'a while');
    if (sentence !== said) io.err(`Waiting. ${readiness.why}`);
    said = sentence;
  }
}

async function rotate(keys: Keys, io: Io): Promise<RotationState> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  try {
    return await keys.rotation.run({ signal: stop.signal, onProgress: progress(io) });
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

function progress(io: Io): (state: RotationState) => void {
  let told = 0;
  return ({ kid, done, total }) => {
    if (performance.now() - told < TELL_MS) return;
    told = performance.now();
    io.err(`${counted(done)} of ${counted(total)} secrets sealed anew with the key "${kid}"`);
  };
}

async function conclude({ ring, sealed }: Keys, { kid, done, unreadable, finishedAt }: RotationState, io: Io): Promise<number> {
  if (finishedAt === null) {
    io.err(`Stopped after ${counted(done)} secrets; run hub keys rotate again. A running hub goes on with it by itself, too.`);
    return 1;
  }
  if (unreadable > 0) {
    io.err(`${counted(unreadable)} secrets are opened by no key of this ring and stay as they are; hub keys status says where.`);
    return 1;
  }
  const left = kidsOf(await census(sealed)).filter((one) => one !== kid);
  const old = ring.kids.filter((one) => one !== kid && !left.includes(one));
  io.out(`Every secret is sealed with the key "${kid}": ${counted(done)} were sealed anew.`);
  if (old.length > 0)
    io.out(`Take ${old.join(', ')} out of the ring with hub keys remove; keep it with older backups, which need it.`);
  return 0;
}

function counted(count: number): string {
  return count.toLocaleString('en');
}
