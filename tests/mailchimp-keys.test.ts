import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MailchimpHub } from './mailchimp-hub.ts';

let mc: MailchimpHub;
beforeAll(async () => {
  mc = await MailchimpHub.start();
});
afterAll(() => mc?.hub.close());

describe('an account connected by its key', () => {
  it.each([
    ['a key the provider does not know', { apiKey: '00000000000000000000000000000000-us19' }, 'INVALID_CREDENTIALS'],
    ['a key of another server than named', { serverPrefix: 'us6' }, 'INVALID_CREDENTIALS'],
    ['a key that cannot be one', { apiKey: 'secret' }, 'INVALID_CREDENTIALS'],
    ['a key without its end, and no server prefix', { apiKey: '0'.repeat(32), serverPrefix: undefined }, 'INVALID_CREDENTIALS'],
    ['a field that is not asked for', { colour: 'red' }, 'CONFIG_SCHEMA_INVALID'],
  ])('is refused with %s and nothing is kept', async (_, wrong, code) => {
    const { status, body } = await mc.connect(wrong);
    expect({ status, code: body.code }).toEqual({ status: 422, code });
    expect(JSON.stringify(body)).not.toContain((await mc.panel()).credentials.apiKey);
    expect(await mc.hub.rows('select 1 from integrations')).toEqual([]);
  });

  it('says which server the key belongs to without asking the provider', async () => {
    const lines = await mc.asked(async () => {
      const { body } = await mc.connect({ serverPrefix: 'us6' });
      expect(body.detail ?? body.message).toMatch(/belongs to the server us19/);
      expect(body.errors).toEqual([{ pointer: '/fields/serverPrefix', message: expect.stringMatching(/us19/) }]);
    });
    expect(lines).toEqual([]);
  });

  it('is kept with its name and counts, and syncs every record of all its audiences', async () => {
    // The server stands at the end of the key.
    const { status, body } = await mc.connect({ serverPrefix: undefined });
    expect({ status, name: body.name, state: body.status }).toEqual({ status: 201, name: 'Blue Fitness', state: 'active' });
    expect(body.counts).toMatchObject({ audiences: 2, members: 2724 });
    const runs = await mc.firstRuns();
    expect(Object.keys(runs).sort()).toEqual(['audiences', 'campaigns', 'members', 'mergeFields', 'reports', 'tags']);
    for (const run of Object.values(runs)) expect(run).toMatchObject({ status: 'succeeded', failed: 0 });
    expect(runs['members']?.written).toBe(2724);
    expect((await mc.panel()).facts['Webhooks']).toMatch(/none yet/);
  });

  it('reads only what changed when it is synced again', async () => {
    const lines = await mc.asked(async () => {
      const runs = await mc.sync();
      for (const run of Object.values(runs)) expect(run).toMatchObject({ status: 'succeeded', written: 0, deleted: 0 });
      expect(runs['members']?.seen).toBeLessThan(50);
    });
    expect(lines.filter((line) => /\/members/.test(line))).toHaveLength(4);
  });

  it('ends, and leaves nothing of the credential', async () => {
    expect((await mc.disconnect(false)).status).toBeLessThan(300);
    expect(await mc.hub.rows('select 1 from credentials')).toEqual([]);
  });
});
