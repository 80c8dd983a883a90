import { until } from '../wait.ts';
import type { CanaryHub } from './canary-hub.ts';
import { quotingRefusal } from './telling-provider.ts';

const STORE = '/api/stores/default/integrations';
const ACTIONS = ['throws', 'throwsText', 'rejects', 'later', 'returns', 'refused', 'broken', 'strays'];

/** A consent that comes to nothing in each way, then one that connects. @returns the integration's id */
export async function connectByConsent(room: CanaryHub, plugin: string, account: string): Promise<string> {
  const { provider, api, meant } = room;
  const consent = async (more: Record<string, string> = {}) => {
    const { authorizeUrl } = (await meant('POST', `${STORE}/${plugin}/connect`, { method: 'oauth' })).body;
    const { code = '', state = '' } = provider.allow(authorizeUrl, { account });
    room.canaries.add('OAuth state', state);
    room.canaries.add('OAuth code', code);
    return `/api/integrations/${plugin}/oauth/callback?${new URLSearchParams({ code, state, ...more })}`;
  };
  provider.onToken = quotingRefusal;
  await api('GET', await consent());
  provider.onToken = undefined;
  const said = await consent();
  await api('GET', `${said}&${new URLSearchParams({ error: 'server_error', error_description: said })}`);
  const good = await consent();
  const { body } = await api('GET', good);
  await api('GET', good);
  await waitForRuns(room);
  return body.id;
}

/** Keys that are refused, then one that is right. @returns the integration's id */
export async function connectByKeys(room: CanaryHub, plugin: string, account: string): Promise<string> {
  const { provider, api, fresh } = room;
  const connect = (fields: object) => api('POST', `${STORE}/${plugin}/connect`, { method: 'manual', fields });
  await connect({ key: `key-${fresh('key nobody has')}` });
  await connect({ key: fresh('key in the wrong shape') });
  await connect({ key: { deeper: fresh('key in an object') } });
  await connect({ kee: `key-${fresh('key by another name')}`, key: 'key-nobody' });
  await connect({ key: `key-${fresh('key with a line break')}\n` });
  const key = `key-${fresh('key')}`;
  provider.access.set(key, account);
  const { body } = await connect({ key });
  await waitForRuns(room);
  return body.id;
}

/** Settings with a secret, kept and refused. */
export async function configure({ api, fresh }: CanaryHub, plugin: string, id: string): Promise<void> {
  const put = (config: object) => api('PUT', `${STORE}/${id}/configure`, config);
  await put({ signingKey: [fresh('setting in a list')] });
  await put({ signingKee: fresh('setting by another name') });
  const kept = await put({ signingKey: fresh(`setting of ${plugin}`) });
  if (kept.status !== 200) throw new Error(`the settings were not kept: ${JSON.stringify(kept.body)}`);
}

/** Everything an integration can be asked to do, all of which its plugin talks about. */
export async function useAll(room: CanaryHub, plugin: string, id: string): Promise<void> {
  const { api, provider } = room;
  await api('POST', `${STORE}/${id}/test`, {});
  for (const action of ACTIONS) await api('POST', `${STORE}/${id}/actions/${action}`, {});
  await api('GET', `${STORE}/${id}/options/lists`);
  await api('POST', `${STORE}/${id}/sync`, { stream: 'contacts' });
  await waitForRuns(room);
  provider.onToken = quotingRefusal;
  await api('POST', `/api/integrations/${plugin}/oauth/refresh`, { integrationId: id });
  provider.onToken = undefined;
}

/** Taken back at the provider, which refuses and quotes what it refuses. */
export async function disconnect({ api, provider }: CanaryHub, id: string): Promise<void> {
  provider.onToken = quotingRefusal;
  await api('DELETE', `${STORE}/${id}/disconnect`);
  provider.onToken = undefined;
}

/** Calls that are proven by a secret in a header, in the query, or not at all. */
export async function webhooks(room: CanaryHub, account: string): Promise<void> {
  const { hub, webhookSecret: secret, fresh } = room;
  const call = async (query: string, headers: Record<string, string>, id: string) => {
    const answer = await fetch(`${hub.url}/webhooks/leaky${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ id, account }),
    });
    room.told.push(`webhook ${id}: ${answer.status} ${await answer.text()}`);
  };
  await call('', { 'x-leaky-token': secret, 'x-sent-by': `leaky ${secret}` }, 'by-header');
  await call(`?token=${secret}`, { referer: `https://acme.test/?token=${secret}` }, 'by-query');
  await call(`?do=throw&token=${secret}`, {}, 'verify-throws');
  await call(`?do=fail&token=${secret}`, { 'x-leaky-token': secret }, 'events-throws');
  await call(`?token=${fresh('forged token in a query')}`, {}, 'forged');
  await call('', { 'x-leaky-token': fresh('forged token in a header') }, 'forged');
  await call(`/c/${fresh('webhook key nobody has')}`, {}, 'no-such-key');
  const open = () => hub.rows(`select 1 from webhook_events where state in ('pending', 'claimed')`);
  await until(async () => (await open()).length === 0, { what: 'the messages to be handled' });
}

export function waitForRuns({ hub }: CanaryHub): Promise<true> {
  const open = () => hub.rows(`select 1 from sync_runs where status in ('queued', 'running')`);
  return until(async () => (await open()).length === 0 || undefined, { what: 'the syncs to end' }).then(() => true);
}

/** Everything the provider was shown or has given out. */
export function collect({ provider, canaries }: CanaryHub): void {
  for (const token of provider.access.keys()) canaries.add('access token or key', token);
  for (const token of provider.refresh.keys()) canaries.add('refresh token', token);
  const shown = { code: 'OAuth code', code_verifier: 'PKCE verifier', refresh_token: 'refresh token', token: 'token to revoke' };
  for (const { params, authorization } of provider.seen) {
    for (const [name, what] of Object.entries(shown)) if (params[name]) canaries.add(what, params[name]);
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    if (token !== undefined && token !== 'key-nobody') canaries.add('shown token', token);
  }
}
