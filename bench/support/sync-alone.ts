import { Client } from 'pg';
import { report } from './figures.ts';
import { writers } from './stores-alone.ts';

const ROUNDS = 5;
const PAGE = 1_000;

/** Records a second by name of the way, a value for each round. */
type Measured = Record<string, { fresh: number[]; changed: number[] }>;

/**
 * Records a second, of each way, round by round: new rows, then all of them changed. The ways take turns page by page, so
 * that whatever else the machine does meanwhile slows all of them alike.
 */
export async function measureAlone(url: string, count: number): Promise<Measured> {
  const measured: Measured = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const { writers: ways, close } = await writers(await ownDatabase(url, `alone_${round}`));
    const spent = { fresh: new Map<string, number>(), changed: new Map<string, number>() };
    for (const [kind, version] of [
      ['fresh', 1],
      ['changed', 2],
    ] as const) {
      for (let from = 0; from < count; from += PAGE) {
        const slice = { from, to: Math.min(count, from + PAGE), version };
        for (const [name, write] of inTurn(Object.entries(ways), from / PAGE)) {
          spent[kind].set(name, (spent[kind].get(name) ?? 0) + (await write(slice)));
        }
      }
    }
    for (const name of Object.keys(ways)) {
      measured[name] ??= { fresh: [], changed: [] };
      measured[name].fresh.push((count / (spent.fresh.get(name) ?? 0)) * 1000);
      measured[name].changed.push((count / (spent.changed.get(name) ?? 0)) * 1000);
    }
    await close();
  }
  return measured;
}

/** No way is always first. */
function inTurn<T>(all: readonly T[], round: number): T[] {
  const start = round % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
}

/** A database of its own on the same server. */
export async function ownDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** @returns whether the budgets are kept */
export function printAlone(alone: Measured): boolean {
  const copy = alone['COPY + ON CONFLICT'];
  const ratio = (of: 'fresh' | 'changed') =>
    alone['record store']?.[of].map((value, round) => value / (copy?.[of][round] ?? Number.NaN)) ?? [];
  return report('Writing 1,000 contacts at a time, records a second', [
    ...Object.entries(alone).flatMap(([name, { fresh, changed }]) => [
      { what: `${name}, new`, values: fresh, unit: 'n' as const },
      { what: `${name}, all changed`, values: changed, unit: 'n' as const },
    ]),
    { what: 'record store / COPY, new', values: ratio('fresh'), unit: 'ratio', floor: 0.7 },
    { what: 'record store / COPY, all changed', values: ratio('changed'), unit: 'ratio', floor: 0.7 },
  ]);
}
