import { expect } from '@jest/globals';
import { until } from '../wait.ts';
import type { Ground } from './ground.ts';
import { deliver } from './signed.ts';

/** What belongs to the victim, by what a stranger would name it by. */
export async function things({ hub, victim, provider }: Ground) {
  provider.onApi = (path) =>
    path.startsWith('/api/v1/contacts/') ? { status: 200, body: { id: path.slice(17), name: 'Grace' } } : undefined;
  const one = `/api/stores/default/integrations/${victim.integration}`;
  for (const name of ['c1', 'c2']) await victim.api('POST', `${one}/actions/addContact`, { name });
  provider.onApi = undefined;
  const { next: cursor } = (await victim.api('GET', `${one}/records/contacts?limit=1`)).body;
  const [run] = await hub.rows<{ id: string }>(
    `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status)
     select store_id, gen_random_uuid(), id, 'contacts', 'manual', 'full', 'failed' from integrations where id = $1 returning id`,
    [victim.integration],
  );
  const link = await victim.api('POST', '/api/stores/default/connect-links', {
    plugin: 'target',
    returnUrl: 'https://app.example.com/back',
  });
  const job = await victim.api('POST', '/api/stores/default/integrations/bulk', { action: 'reconnect-reminder' });
  await deliver(hub, { id: `theirs-${Date.now()}`, account: 'acc-1', object: 'c3' });
  const events = () => victim.api('GET', `${one}/events?limit=1`).then(({ body }) => body.events[0]?.id as string | undefined);
  const event = await until(events, { what: 'the message of the victim' });
  const { apiKeys } = (await victim.api('GET', '/api/api-keys')).body;
  const found = { cursor, run: run?.id, link: link.body.id, job: job.body.id, event, key: apiKeys[0]?.id };
  for (const [what, id] of Object.entries(found)) expect([what, id]).toEqual([what, expect.any(String)]);
  return found as Readonly<Record<keyof typeof found, string>>;
}
