import { describe, expect, it } from '@jest/globals';
import type { Happening } from '../activity.ts';
import { activityRows } from './activity-rows.ts';

let minute = 0;
const tested = (message: string | undefined, integrationId = 'i'): Happening => {
  minute -= 1;
  const at = new Date(Date.UTC(2026, 10, 22, 12, minute));
  const detail = message === undefined ? { passed: true } : { passed: false, message };
  const entry = {
    id: `e${-minute}`,
    storeId: 's',
    actor: 'a@example.com',
    action: 'integration.test',
    target: 'i',
    targetName: 'Acme',
  };
  const outcome = message === undefined ? 'done' : 'failed';
  return {
    ...{ id: entry.id, kind: 'test', outcome, at, mark: '', integrationId, pluginId: 'p', from: 'audit' },
    entry: { ...entry, detail, ip: null, at },
  } as Happening;
};
const rows = (...happenings: Happening[]) =>
  activityRows({ happenings, integrations: [], named: () => ({ name: 'Acme', template: undefined }), owner: true });
const counts = (...happenings: Happening[]) => rows(...happenings).map(({ repeats }) => repeats.length);

describe('the rows of an activity', () => {
  it('puts equal failures together, though others failed between them', () => {
    expect(counts(tested('Gone.'), tested('Late.'), tested('Gone.'), tested('Late.'), tested('Gone.'))).toEqual([3, 2]);
  });

  it('keeps apart what was well in between, and failures of another connection', () => {
    expect(counts(tested('Gone.'), tested(undefined), tested('Gone.'))).toEqual([0, 0, 0]);
    expect(counts(tested('Gone.', 'i'), tested('Gone.', 'j'))).toEqual([0, 0]);
  });

  it('never counts what went well', () => {
    expect(counts(tested(undefined), tested(undefined))).toEqual([0, 0]);
  });

  it('says once what is the same of all of them', () => {
    const [row] = rows(tested('Gone.'), tested('Gone.'));
    expect(row?.facts.map(({ value }) => value)).toContain('Gone.');
    expect(row?.repeats.flatMap(({ facts }) => facts)).toEqual([]);
  });

  it('offers to handle a live change again only where it would not wait again', () => {
    const event = { id: 'm', type: 'odd', state: 'dead', reason: null };
    const at = new Date(Date.UTC(2026, 10, 22));
    const one = { ...{ id: 'm', kind: 'event', outcome: 'failed', at, mark: '', from: 'event' }, event } as unknown as Happening;
    const happening = { ...one, integrationId: 'i', pluginId: 'p' };
    const replay = (rests: boolean) =>
      activityRows({
        happenings: [happening],
        integrations: [],
        named: () => ({ name: 'Acme', template: undefined, rests }),
        owner: true,
      }).map(({ replayHref }) => replayHref);
    expect([replay(true), replay(false)]).toEqual([[undefined], ['/integrations/p/i/events/m/replay']]);
  });

  it('says when the first and the last of them were, and is called by the first, which stays', () => {
    const [latest, earliest] = [tested('Gone.'), tested('Gone.')];
    expect(rows(latest, earliest)).toMatchObject([{ at: latest.at, first: earliest.at, id: `${earliest.id}-failed` }]);
    const [row] = rows(latest, earliest);
    expect(row?.repeats.map(({ id }) => id)).toEqual([`${latest.id}-failed`, `${earliest.id}-failed`]);
  });
});
