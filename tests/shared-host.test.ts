import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBrowser } from './support/browser.ts';
import { call, type Hub, startHub } from './support/hub.ts';
import { writeSharedHostPlugin } from './support/shared-host-plugin.ts';
import { logIn } from './support/visit.ts';
import { until } from './support/wait.ts';

const IDS = ['alpha', 'beta'] as const;
const dir = mkdtempSync(join(tmpdir(), 'shared-host-'));
let hub: Hub;

beforeAll(async () => {
  for (const id of IDS) writeSharedHostPlugin(dir, id, `sesame-${id}`);
  hub = await startHub({ PLUGIN_DIRS: dir });
});
afterAll(async () => {
  await hub?.close();
  rmSync(dir, { recursive: true });
});

const home = (id: string) => `/api/stores/default/integrations/${id}`;
const facts = async (id: string) => (await call('GET', `${hub.url}/sandbox/${id}`)).body.facts;

async function connect(id: string, integrationId?: string) {
  const begun = integrationId
    ? await hub.api('POST', `${home(id)}/reconnect`, { method: 'oauth' })
    : await hub.api('POST', `${home(id)}/connect`, { method: 'oauth' });
  const dialog: string = begun.body.authorizeUrl;
  expect(new URL(dialog).pathname).toBe(`/sandbox/${id}/api/graph.example/dialog`);
  const back = await fetch(dialog, { redirect: 'manual' });
  const query = new URL(back.headers.get('location') ?? '').search;
  return hub.api('GET', `/api/integrations/${id}/oauth/callback${query}`);
}

/** What the card and the integration's page say to its owner. */
async function seen(id: string, integrationId: string, words: RegExp): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await logIn(page, hub);
    for (const path of ['', `/${id}`, `/${id}/${integrationId}`]) {
      await page.goto(`${hub.url}/integrations${path}`);
      expect(await page.locator('main').textContent()).toMatch(words);
    }
  } finally {
    await browser.close();
  }
}

describe('two plugins whose simulators play the same host', () => {
  it.each(IDS)('%s signs in, exchanges its token, and calls at its own simulator only', async (id) => {
    const others = await facts(id === 'alpha' ? 'beta' : 'alpha');
    const connected = await connect(id);
    expect([connected.status, connected.body.account?.externalId, connected.body.sandbox]).toEqual([201, id, true]);
    expect((await facts(id)).asked).toBe('/dialog /token /token /me /me /page');
    expect(await facts(id === 'alpha' ? 'beta' : 'alpha')).toEqual(others);
    expect((await hub.api('POST', `${home(id)}/test`)).body.message).toBe(`Page ${id} page.`);
  });

  it('says on card, page and API when it has to be connected again, until it was', async () => {
    // What the clock would bring within a minute.
    await hub.rows(`insert into pgboss.job (name, data, policy) values ('renewals', '{}', 'exclusive')`);
    const soon = /^Connect again before \d+ \w+ \d{4}\.$/;
    const told = await until(
      async () => {
        const { body } = await hub.api('GET', home('alpha'));
        return body.reason ? body : undefined;
      },
      { what: 'the end to be foretold' },
    );
    expect(told).toMatchObject({
      state: 'needs-attention',
      reason: { code: 'RECONNECT_NEEDED', message: expect.stringMatching(soon) },
    });
    const health = (await hub.api('GET', `${home('alpha')}/health`)).body;
    expect(health).toMatchObject({
      state: 'attention',
      reason: expect.stringMatching(soon),
      nextStep: 'Reconnect it; until then everything goes on.',
    });
    const cards = (await hub.api('GET', '/api/stores/default/integrations')).body;
    expect(JSON.stringify(cards)).toMatch(/Connect again before/);
    await seen('alpha', told.id, /Connect again before/);
    await hub.sandbox('alpha', 'live', { days: 60 });
    expect((await connect('alpha', told.id)).body).toMatchObject({ id: told.id, reason: null });
  });

  it('hands its long-lived token back when it is disconnected', async () => {
    const ended = await hub.api('DELETE', `${home('beta')}/disconnect`);
    expect(ended.body.state).toBe('disconnected');
    expect(await facts('beta')).toMatchObject({ revoked: 'sesame-beta-long' });
    expect((await facts('alpha')).revoked).toBe('');
  });
});
