import { describe, expect, it } from '@jest/globals';
import { sampleIntegration, sampleManifest, sampleTemplate } from '../../../tests/support/view-samples.ts';
import type { Action, Form } from '../../sdk/index.ts';
import { actionLinks, recordDeeds, recordFields } from './action-page.ts';
import { inUnits, postedUnits, toldForm, unitMarks } from './action-record.ts';
import { doneView } from './action-result.ts';
import { offersOf } from './barred-view.ts';

describe('the fields of an action that take something of a record', () => {
  it('are those that name a stream: its records’ ids, or one part of their data', () => {
    const form = {
      type: 'object',
      properties: {
        contactId: { type: 'string', title: 'Contact', 'x-record': 'contacts' },
        email: { type: 'string', title: 'Email', 'x-record': 'members.email' },
        note: { type: 'string', title: 'Note' },
        often: { type: 'number', title: 'How often' },
      },
    } as const satisfies Form;
    expect(recordFields(form)).toEqual([
      { name: 'contactId', stream: 'contacts', part: undefined },
      { name: 'email', stream: 'members', part: 'email' },
    ]);
    expect(recordFields(undefined)).toEqual([]);
  });
});

describe('what an action has done', () => {
  const none = { written: 0, unchanged: 0, deleted: 0, older: 0, failed: 0, resyncs: 0, disconnected: false };
  const done = (changed: Partial<typeof none> | undefined) =>
    doneView({ data: {}, changed: changed && { ...none, ...changed } }, { type: 'object', properties: {} }).kept;

  it('says what is kept of it here, and what is not, as something newer is here', () => {
    expect(done(undefined)).toBeUndefined();
    expect(done({})).toBeUndefined();
    expect(done({ written: 1 })).toBe('The record kept here is up to date.');
    expect(done({ older: 2 })).toBe('2 records were left as they are: something newer was here.');
    expect(done({ unchanged: 2, older: 1 })).toMatch(
      /^2 records kept here are up to date\. 1 record was left as it is: something newer/,
    );
  });
});

describe('an amount of an action', () => {
  const form = {
    type: 'object',
    properties: {
      payment: { type: 'string', title: 'Payment', 'x-record': 'charges' },
      amount: { type: 'integer', title: 'Amount', minimum: 1, 'x-money': 'payment.amount' },
    },
  } as const satisfies Form;
  const units = new Map([['amount', { currency: 'USD', per: 100 }]]);
  const records = new Map([['payment', { stream: 'charges', said: '$15.00 · Ada Jones', units }]]);

  it('is read as typed only in the unit its form was shown in', () => {
    const shown = Object.fromEntries(unitMarks(units).map(({ name, value }) => [name, value]));
    expect(inUnits({ amount: 7 }, postedUnits(form, shown))).toEqual({ amount: 700 });
    expect(inUnits({ amount: 0.07 }, postedUnits(form, shown))).toEqual({ amount: 7 });
    expect(inUnits({ amount: 7 }, postedUnits(form, {}))).toEqual({ amount: 7 });
    expect(inUnits({ amount: 7 }, postedUnits(form, { '_unit.amount': '-5 USD' }))).toEqual({ amount: 7 });
    expect(inUnits({ amount: 'much' }, units)).toEqual({ amount: 'much' });
  });

  it('stays no whole number where it is finer than the currency, and is refused so', () => {
    expect(inUnits({ amount: 7.505 }, units)).toEqual({ amount: 750.5 });
  });

  it('is asked for in the currency of the record its id names, which is said; else in the smallest unit', () => {
    const told = toldForm(form, records, units).properties;
    expect(told['payment']).toMatchObject({ description: 'This is $15.00 · Ada Jones.' });
    expect(told['amount']).toMatchObject({ type: 'number', description: 'In USD.' });
    expect(toldForm(form, new Map(), new Map()).properties['amount']).toMatchObject({
      type: 'integer',
      description: 'In the smallest unit of the currency: 1999 is 19.99 for USD.',
    });
  });
});

describe('an action that the settings forbid', () => {
  const input = { type: 'object', properties: { id: { type: 'string', title: 'Id', 'x-record': 'contacts' } } } as const;
  const barred = ({ config }: { config: unknown }) =>
    (config as { streams?: unknown }).streams ? undefined : { text: 'Nothing is chosen.', field: 'streams' as never };
  const run = async () => ({ data: {} });
  const actions: Record<string, Action> = {
    tag: { title: 'Tag', input, run, barred },
    look: { title: 'Look', input, run },
    call: { title: 'Call', input, run, barred },
  };
  const template = sampleTemplate({});
  const { loaded } = template;
  if (!loaded?.plugin.handlers) throw new Error('a sample without handlers');
  const plugin = { manifest: sampleManifest, handlers: { ...loaded.plugin.handlers, actions } };
  const doer = (config = {}) => ({
    template: { ...template, loaded: { ...loaded, plugin } },
    integration: sampleIntegration({ config }),
    href: '/integrations/acme/1',
    viewer: { manage: true },
  });
  const why = {
    text: 'Nothing is chosen.',
    href: '/integrations/acme/1/configure#config-streams',
    step: 'Change "What to sync"',
  };

  it('is said behind what can be done, with the others of that reason, why, and where that is changed', () => {
    const offers = offersOf(actionLinks(doer()));
    expect(offers).toMatchObject([
      { title: 'Look', barred: undefined },
      { title: 'Tag and Call', barred: why },
    ]);
    const deeds = recordDeeds(doer(), 'contacts')({ id: 'c1', data: {} });
    expect(deeds).toMatchObject([{ title: 'Look', href: '/integrations/acme/1/actions/look?id=c1' }, { barred: why }]);
  });

  it('is offered like any other once they allow it', () => {
    const offers = offersOf(actionLinks(doer({ streams: ['contacts'] })));
    expect(offers.map(({ title, barred: not }) => [title, not])).toEqual(['Tag', 'Look', 'Call'].map((one) => [one, undefined]));
  });
});
