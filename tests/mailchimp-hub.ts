import { expect } from '@jest/globals';
import { type Answer, call, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

export const INTEGRATION = '/api/stores/default/integrations/mailchimp';
export const MEMBERS = '3f8c1b2a4d';
export const PARTNERS = '9b7e6d5c4a';
export const RIVERSIDE = '1c9b8a7f6e5d4c3b2a1908172';
const BLUE = '8d3a3db4d97663a9074efcc16';

export interface Run {
  readonly stream: string;
  readonly status: string;
  readonly mode: string;
  readonly seen: number;
  readonly written: number;
  readonly deleted: number;
  readonly failed: number;
}

interface Stored {
  readonly data: Record<string, unknown>;
  readonly deleted_at: Date | null;
}

/** For tests: a whole hub, and what a store does with its Mailchimp account over HTTP. */
export class MailchimpHub {
  readonly hub: Hub;

  constructor(hub: Hub) {
    this.hub = hub;
  }

  static async start(env: Record<string, string> = {}): Promise<MailchimpHub> {
    return new MailchimpHub(await startHub(env));
  }

  async panel() {
    return (await call('GET', `${this.hub.url}/sandbox/mailchimp`)).body;
  }

  async press(command: string, input: object = {}) {
    const { status, body } = await this.hub.sandbox('mailchimp', command, input);
    if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
    return body.result;
  }

  /** The demo credential of the panel, changed where the test wants. */
  async connect(wrong: object = {}): Promise<Answer> {
    const fields = { ...(await this.panel()).credentials, ...wrong };
    return this.hub.api('POST', `${INTEGRATION}/connect`, { method: 'manual', fields });
  }

  /** Goes through the simulator's consent page as a browser would, and hands what comes back to the hub. */
  async consent(how: 'connect' | 'reconnect', { account = BLUE, decision = 'allow' } = {}): Promise<Answer> {
    const begun = await this.hub.api('POST', `${INTEGRATION}/${how}`, { method: 'oauth' });
    const body = new URLSearchParams({ account, decision });
    const answer = await fetch(begun.body.authorizeUrl, { method: 'POST', body, redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? 'http://nowhere');
    return this.hub.api('GET', `/api/integrations/mailchimp/oauth/callback${back.search}`);
  }

  configure(config: object): Promise<Answer> {
    return this.hub.api('PUT', `${INTEGRATION}/configure`, config);
  }

  /** Saves the settings and waits for the syncs that this starts. */
  async choose(config: object): Promise<Record<string, Run>> {
    const runs = async () => (await this.hub.api('GET', `${INTEGRATION}/runs?limit=100`)).body.runs as { id: string }[];
    const before = new Set((await runs()).map(({ id }) => id));
    const { status, body } = await this.configure(config);
    expect({ status, body }).toMatchObject({ status: 200 });
    return this.#ended((await runs()).filter(({ id }) => !before.has(id)));
  }

  test(): Promise<Answer> {
    return this.hub.api('POST', `${INTEGRATION}/test`, {});
  }

  act(name: string, input: object): Promise<Answer> {
    return this.hub.api('POST', `${INTEGRATION}/actions/${name}`, input);
  }

  disconnect(keepRecords: boolean): Promise<Answer> {
    return this.hub.api('DELETE', `${INTEGRATION}?keepRecords=${keepRecords}`);
  }

  /** The runs that connecting queued, by stream. */
  async firstRuns(): Promise<Record<string, Run>> {
    return this.#ended((await this.hub.api('GET', `${INTEGRATION}/runs`)).body.runs);
  }

  async sync(input: object = {}): Promise<Record<string, Run>> {
    const { status, body } = await this.hub.api('POST', `${INTEGRATION}/sync`, input);
    expect({ status, body }).toMatchObject({ status: 202 });
    return this.#ended(body.runs);
  }

  async member(email: string): Promise<Stored | undefined> {
    const sql = "select data, deleted_at from records where stream = 'members' and data->>'email' = $1 order by updated_at desc";
    return (await this.hub.rows<Stored>(sql, [email]))[0];
  }

  heard(email: string, wanted: Record<string, unknown>): Promise<unknown> {
    const fits = async () => {
      const { data } = (await this.member(email)) ?? {};
      return Object.entries(wanted).every(([name, value]) => data?.[name] === value);
    };
    return until(fits, { what: `${email} to be ${JSON.stringify(wanted)}` });
  }

  async events(): Promise<readonly { readonly type: string }[]> {
    return (await this.hub.api('GET', `${INTEGRATION}/events`)).body.events;
  }

  /** The simulator's log of what it was asked meanwhile, latest first. */
  async asked(work: () => Promise<unknown>): Promise<string[]> {
    const lines = async () => (await this.panel()).log.map(({ at, line }: { at: string; line: string }) => `${at} ${line}`);
    const [latest] = await lines();
    await work();
    const after = await lines();
    return latest ? after.slice(0, after.indexOf(latest)) : after;
  }

  async #ended(runs: readonly { readonly id: string }[]): Promise<Record<string, Run>> {
    const ended = await Promise.all(runs.map(({ id }) => this.#finished(id)));
    return Object.fromEntries(ended.map((run) => [run.stream, run]));
  }

  #finished(id: string): Promise<Run> {
    const look = async () => {
      const { body } = await this.hub.api('GET', `${INTEGRATION}/runs/${id}`);
      return !['queued', 'running'].includes(body.status) && body;
    };
    return until(look, { what: 'the run to end' });
  }
}
