import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Hub, startHub } from './hub.ts';
import { type InboundCall, inboundCall, writeInboundPlugin } from './inbound-plugin.ts';
import { until } from './wait.ts';

/** Of the integration, for callers of the API. */
export const ONE = '/api/stores/default/integrations/inbound';

export interface Listed {
  readonly id: string;
  readonly eventId: string;
  readonly state: string;
}

/** A whole hub with nothing but the plugin `inbound`, whose account `acc` is connected. */
export async function inboundHub() {
  const pluginDirs = mkdtempSync(join(tmpdir(), 'inbox-plugins-'));
  writeInboundPlugin(pluginDirs);
  const hub: Hub = await startHub({ PLUGIN_DIRS: pluginDirs });
  const { status, body: integration } = await hub.api('POST', `${ONE}/connect`, { method: 'manual', fields: { account: 'acc' } });
  if (status !== 201) throw new Error(`not connected: ${status} ${JSON.stringify(integration)}`);
  const events = async (): Promise<Listed[]> => (await hub.api('GET', `${ONE}/events?limit=100`)).body.events;
  return {
    hub,
    /** Of the integration, for people. */
    page: `/integrations/inbound/${integration.id}`,
    events,
    /** A later version of the plugin, which refuses nothing. */
    mend: () => writeInboundPlugin(pluginDirs, false),
    /** @returns the provider's id of the message */
    async deliver(more: Partial<InboundCall>): Promise<string> {
      const id = randomUUID();
      const { body, headers } = inboundCall({ id, account: 'acc', object: id, version: 1, ...more });
      const reply = await fetch(`${hub.url}/webhooks/inbound`, { method: 'POST', body, headers });
      if (reply.status !== 200) throw new Error(`not accepted: ${reply.status}`);
      return id;
    },
    ended: (eventId: string, state: string): Promise<Listed> =>
      until(async () => (await events()).find((event) => event.eventId === eventId && event.state === state), {
        what: `${eventId} to be ${state}`,
      }),
    async close(): Promise<void> {
      await hub.close();
      rmSync(pluginDirs, { recursive: true, force: true });
    },
  };
}

export type InboundHub = Awaited<ReturnType<typeof inboundHub>>;
