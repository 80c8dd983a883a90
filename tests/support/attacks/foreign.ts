import { expect } from '@jest/globals';
import { post } from '../people.ts';
import { until } from '../wait.ts';
import type { Attack } from './ground.ts';
import { deliver } from './signed.ts';
import { things } from './things.ts';

type Ids = Awaited<ReturnType<typeof things>> & { readonly its: string };

let known: ReturnType<typeof things> | undefined;

/** A call of the stranger, who has a key of their own; nothing of the victim's is to be told apart from nothing. */
const finds = (
  attempt: string,
  call: (ids: Ids, own: string) => readonly [method: string, path: string, body?: unknown],
): Attack => [
  attempt,
  async (ground) => {
    known ??= things(ground);
    const [method, path, body] = call({ ...(await known), its: ground.victim.integration }, ground.stranger.integration);
    const answer = await ground.stranger.api(method, path, body);
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
  },
];

const OWN = '/api/stores/south';

export const foreign: readonly Attack[] = [
  finds('an integration named in the body of a sync', ({ its }) => [
    'POST',
    '/api/integrations/sync',
    { integrationId: its, dataType: 'contacts' },
  ]),
  finds('an integration named in the body of a test', ({ its }) => ['POST', '/api/integrations/test', { integrationId: its }]),
  finds('an integration named in a flat address', ({ its }) => ['POST', `/api/integrations/${its}/test`]),
  finds("an integration under the stranger's own store", ({ its }) => ['PATCH', `${OWN}/integrations/${its}`, { name: 'Mine' }]),
  finds("a disconnect under the stranger's own store", ({ its }) => ['DELETE', `${OWN}/integrations/${its}`]),
  finds('a token renewed for somebody else', ({ its }) => [
    'POST',
    '/api/integrations/target/oauth/refresh',
    { integrationId: its },
  ]),
  finds('a link that connects an integration again', ({ its }) => [
    'POST',
    `${OWN}/connect-links`,
    { plugin: 'target', returnUrl: 'https://app.example.com/back', integration: its },
  ]),
  finds('the store of somebody else, named in a body', () => [
    'POST',
    '/api/integrations',
    { integrationType: 'target', storeId: 'default', fields: {} },
  ]),
  finds('the store of somebody else, named in a query', () => ['GET', '/api/integrations?storeId=default']),
  finds('the keys of another store', () => ['GET', '/api/api-keys?store=default']),
  finds('a key of another store', ({ key }) => ['DELETE', `/api/api-keys/${key}`]),
  finds('a connect link of another store', ({ link }) => ['GET', `${OWN}/connect-links/${link}`]),
  finds('a bulk job of another store', ({ job }) => ['GET', `${OWN}/bulk/${job}`]),
  finds('a bulk job of another store, to be stopped', ({ job }) => ['POST', `${OWN}/bulk/${job}/cancel`]),
  finds("a run below the stranger's own integration", ({ run }, own) => ['GET', `${OWN}/integrations/${own}/runs/${run}`]),
  finds("a run cancelled below the stranger's own integration", ({ run }, own) => [
    'POST',
    `${OWN}/integrations/${own}/runs/${run}/cancel`,
  ]),
  finds("a message below the stranger's own integration", ({ event }, own) => [
    'GET',
    `${OWN}/integrations/${own}/events/${event}`,
  ]),
  finds('the bytes of a message', ({ event }, own) => ['GET', `${OWN}/integrations/${own}/events/${event}/body`]),
  finds('a message handled again', ({ event }, own) => ['POST', `${OWN}/integrations/${own}/events/${event}/replay`]),
  finds("a record by the provider's id", (_, own) => ['GET', `${OWN}/integrations/${own}/records/contacts/c1`]),
  finds('a job told of as it happens', ({ its }) => ['GET', `/api/stores/default/integrations/${its}/runs`]),
  [
    'a bulk job over integrations of somebody else',
    async ({ stranger, victim, hub }) => {
      const body = { action: 'pause', integrations: [victim.integration] };
      const answer = await stranger.api('POST', '/api/stores/south/integrations/bulk', body);
      const job = await until(
        async () => {
          if (answer.status !== 202) return answer;
          const found = await stranger.api('GET', `/api/stores/south/bulk/${answer.body.id}`);
          return found.body.endedAt && found;
        },
        { what: 'the job to end' },
      );
      expect(JSON.stringify(job.body)).not.toContain('"status":"done"');
      expect(await hub.rows('select enabled from integrations where id = $1', [victim.integration])).toEqual([{ enabled: true }]);
    },
  ],
  [
    "a cursor of somebody else's list",
    async (ground) => {
      known ??= things(ground);
      const { cursor } = await known;
      const path = `/api/stores/south/integrations/${ground.stranger.integration}/records/contacts`;
      const answer = await ground.stranger.api('GET', `${path}?cursor=${encodeURIComponent(cursor)}`);
      expect(JSON.stringify(answer.body)).not.toContain('Grace');
    },
  ],
  [
    "somebody else's Idempotency-Key, which would bring their answer",
    async ({ victim, stranger }) => {
      const headers = { 'idempotency-key': 'the same' };
      const path = ({ store, integration }: typeof victim) => `/api/stores/${store}/integrations/${integration}/test`;
      expect((await victim.api('POST', path(victim), undefined, headers)).status).toBe(200);
      const answer = await stranger.api('POST', path(stranger), undefined, headers);
      expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([200, null]);
      expect(answer.body.message).toContain('Red Bakery');
    },
  ],
  [
    "an ETag that would tell whether something of somebody else's has changed",
    async ({ victim, stranger }) => {
      const path = `/api/stores/default/integrations/${victim.integration}`;
      const tag = (await victim.api('GET', path)).headers.get('etag') ?? '';
      expect(tag).not.toBe('');
      for (const headers of [{ 'if-none-match': tag }, { 'if-match': tag }, { 'if-match': '"other"' }]) {
        const method = 'if-match' in headers ? 'PATCH' : 'GET';
        const answer = await stranger.api(
          method,
          path,
          method === 'GET' ? undefined : { name: 'Mine' },
          headers as Record<string, string>,
        );
        expect([headers, answer.status]).toEqual([headers, 404]);
      }
    },
  ],
  [
    'the page of an integration of another store',
    async ({ stranger, victim }) => {
      const page = `/integrations/target/${victim.integration}`;
      for (const path of [
        page,
        `${page}/configure`,
        `${page}/events`,
        `${page}/runs`,
        `${page}/records/contacts`,
        `${page}/disconnect`,
      ]) {
        expect([path, (await stranger.browser.get(path)).status]).toEqual([path, 404]);
      }
      expect((await post(stranger.browser, '/stores', `${page}/disconnect`, { confirm: 'on' })).status).toBe(404);
    },
  ],
  [
    'the store of somebody else, chosen on the page of stores',
    async ({ stranger }) => expect((await post(stranger.browser, '/stores', '/stores', { store: 'default' })).status).toBe(404),
  ],
  [
    'an event of the own account, in the name of somebody else',
    async ({ hub, stranger, victim }) => {
      await deliver(hub, {
        id: `mixed-${Date.now()}`,
        account: 'acc-2',
        object: 'c9',
        store: 'default',
        integration: victim.integration,
      });
      const [{ body }, mine] = [
        await victim.api('GET', `/api/stores/default/integrations/${victim.integration}/records/contacts?limit=200`),
        await until(
          async () => {
            const own = await stranger.api('GET', `/api/stores/south/integrations/${stranger.integration}/records/contacts/c9`);
            return own.status === 200 && own.body;
          },
          { what: "the stranger's own record" },
        ),
      ];
      expect(mine.id).toBe('c9');
      expect(body.records.map(({ id }: { id: string }) => id)).not.toContain('c9');
    },
  ],
  [
    'the pages and calls of the operator',
    async ({ victim }) => {
      for (const path of ['/admin', '/admin/integrations', '/admin/plugins', '/admin/events', '/admin/plugins/target']) {
        expect([path, (await victim.browser.get(path)).status]).toEqual([path, 403]);
      }
      for (const path of ['/api/admin/integrations', '/api/admin/integration-templates']) {
        expect([path, (await victim.api('GET', path)).status]).toEqual([path, 403]);
      }
    },
  ],
];
