import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import type { SandboxEnv } from 'patchbay';
import { type CallLog, Deliveries } from 'patchbay/simulator';
import { DEMO_APP_ID, DEMO_WEBHOOK_PRIVATE_KEY } from './demo.ts';

/** The provider sends again on 429 only, six times, ten minutes apart: here in seconds. */
const RETRY_AFTER_MS = [1000, 2000, 3000, 5000, 8000, 13_000];
const key = createPrivateKey({ key: Buffer.from(DEMO_WEBHOOK_PRIVATE_KEY, 'base64'), format: 'der', type: 'pkcs8' });

/** What the deliveries need of the simulator around them. */
export interface Desk {
  readonly env: SandboxEnv;
  readonly log: CallLog;
  delivered(): void;
}

/** Signs and delivers webhooks: first attempts in the order of the changes, repeats when they are due. */
export class Hooks {
  readonly #desk: Desk;
  readonly #deliveries: Deliveries;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#deliveries = new Deliveries({ ...desk, retryAfterMs: RETRY_AFTER_MS, retries: (status) => status === 429 });
  }

  emit(locationId: string, type: string, payload: object): void {
    const body = JSON.stringify({
      type,
      locationId,
      ...payload,
      timestamp: this.#desk.env.now().toISOString(),
      webhookId: randomUUID(),
      appId: DEMO_APP_ID,
      versionId: DEMO_APP_ID,
    });
    this.#deliveries.send({ label: type, body, headers: () => signedHeaders(body) });
  }

  /** A signed webhook with one byte changed on the way; resolves with the status the hub answered. */
  sendTampered(locationId: string): Promise<number> {
    const payload = {
      type: 'ContactDelete',
      locationId,
      id: 'TamperedTamperedTamp',
      timestamp: this.#desk.env.now().toISOString(),
    };
    const body = JSON.stringify({ ...payload, webhookId: randomUUID() });
    const headers = () => signedHeaders(body);
    return this.#deliveries.once({ label: 'with a changed byte', body: body.replace('Tampered', 'tampered'), headers });
  }

  close(): void {
    this.#deliveries.close();
  }
}

function signedHeaders(body: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'LeadConnector-Webhooks (sandbox)',
    'x-ghl-signature': sign(null, Buffer.from(body), key).toString('base64'),
  };
}
