import type { Egress, RawReply } from '../egress/client.ts';
import { redact, secretParts } from '../egress/redact.ts';
import { pauseAsked } from '../egress/retry.ts';
import { unbranded } from '../egress/wording.ts';
import {
  type Handlers,
  type HubError,
  hubError,
  type Manifest,
  type OAuth2,
  PluginFault,
  ReconnectNeeded,
  Rejected,
  TryLater,
} from '../sdk/index.ts';
import { LONGEST_LIFETIME } from './shapes.ts';

/** Shorter than the lease under which tokens are renewed. */
export const TOKEN_TIMEOUT_MS = 20_000;

/** The operator's own app at the provider. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

export interface TokenRequest {
  /** The plugin's id. */
  readonly plugin: string;
  readonly auth: OAuth2;
  readonly client: Client;
  /** `grant_type` and what belongs to it; client and `tokenParams` are added here. */
  readonly params: Readonly<Record<string, string>>;
  /** Another endpoint that takes the same kind of request. */
  readonly url?: string;
  /** GET puts everything into the query. Default POST. */
  readonly method?: 'GET' | 'POST' | undefined;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** One request to a token endpoint. @throws TryLater when it cannot be reached */
export function askTokenEndpoint(egress: Egress, request: TokenRequest): Promise<RawReply> {
  const { plugin, auth, client, params, method = 'POST', timeoutMs = TOKEN_TIMEOUT_MS, signal } = request;
  const { body, headers } = clientParts(auth, client, params);
  const url = new URL(request.url ?? auth.tokenUrl);
  if (method === 'GET') for (const [name, value] of new URLSearchParams(body)) url.searchParams.set(name, value);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return egress.send({
    plugin,
    url,
    method,
    headers: { ...(method === 'POST' && form), ...headers },
    ...(method === 'POST' && { body }),
    timeoutMs,
    hosts: [url.host],
    ...(signal && { signal }),
  });
}

/** Body and headers of a token request, with the client named where the provider wants it. */
export function clientParts(
  auth: OAuth2,
  client: Client,
  params: Readonly<Record<string, string>>,
): { body: string; headers: Record<string, string> } {
  const { client_id: _, client_secret: __, ...own } = params;
  const all = { ...auth.tokenParams, ...own };
  if (auth.clientAuth !== 'basic') {
    return { body: new URLSearchParams({ ...all, client_id: client.id, client_secret: client.secret }).toString(), headers: {} };
  }
  return { body: new URLSearchParams(all).toString(), headers: { authorization: `Basic ${basicCredentials(client)}` } };
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials({ id, secret }: Client): string {
  return Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
}

/** The fields of an answer: JSON, or the form encoding that some providers still use. */
export function tokenFields(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}

/** `expires_in`, which some providers send as text; undefined for a token without an end. */
export function lifetimeSeconds(fields: Readonly<Record<string, unknown>>): number | undefined {
  const seconds = Number(fields['expires_in'] ?? 0);
  return seconds > 0 && seconds < LONGEST_LIFETIME ? seconds : undefined;
}

export interface Refusal {
  /** The plugin's name, for messages, and the words they must not hold. */
  readonly manifest: Pick<Manifest, 'name' | 'whiteLabel'>;
  readonly reply: RawReply;
  readonly explain: Handlers['explain'] | undefined;
  /** What must not be quoted back from the provider's words. */
  readonly secrets: readonly string[];
}

/**
 * What an error answer of a token endpoint means for the grant. Only `invalid_grant` (or a bare 401) says that it is gone;
 * any other refusal keeps it, since asking a person to connect again would not help.
 */
export function refusalOf(refusal: Refusal): HubError {
  const { reply } = refusal;
  const { name } = refusal.manifest;
  const fields = tokenFields(reply.text);
  const said = providerWords(refusal);
  const explained = explainedBy(refusal, fields);
  if (explained) return explained;
  const error = typeof fields['error'] === 'string' ? fields['error'] : '';
  if (isClientRefusal(reply)) {
    return new TryLater(`${name} refused this hub's own app${said}; the operator must check its client id and secret.`);
  }
  if (error === 'invalid_grant' || reply.status === 401) {
    return new ReconnectNeeded(`${name} no longer accepts this connection${said}; connect it again.`);
  }
  const asked = pauseAsked(reply);
  if (reply.status === 429) {
    const afterSeconds = asked || 30;
    return new TryLater(`${name} is limiting requests; trying again later.`, { code: 'RATE_LIMIT_EXCEEDED', afterSeconds });
  }
  const message = `${name} could not renew access just now (status ${reply.status})${said}; trying again later.`;
  return new TryLater(message, asked ? { afterSeconds: asked } : {});
}

function explainedBy({ manifest, reply, explain }: Refusal, data: unknown): HubError | undefined {
  const { status, headers } = reply;
  try {
    return hubError(explain?.({ status, headers, data }));
  } catch (cause) {
    return hubError(cause) ?? new PluginFault(`${manifest.name} failed to explain an answer of ${status}.`, { cause });
  }
}

/** A refusal while connecting: nobody's grant is at stake, so the caller is told what to change. */
export function connectRefusal(refusal: Refusal): HubError {
  const meant = refusalOf(refusal);
  if (meant.consequence === 'plugin-fault') return meant;
  if (meant.consequence === 'try-later' && (meant.code === 'RATE_LIMIT_EXCEEDED' || refusal.reply.status >= 500)) return meant;
  if (isClientRefusal(refusal.reply)) return new Rejected(meant.message, { code: 'PLUGIN_UNAVAILABLE' });
  const said = providerWords(refusal);
  return new Rejected(`${refusal.manifest.name} did not accept the sign-in${said}. Start the connection again.`, {
    code: 'INVALID_CREDENTIALS',
    cause: meant,
  });
}

/** The provider does not know the operator's app, or not this secret of it. */
function isClientRefusal(reply: RawReply): boolean {
  return ['invalid_client', 'unauthorized_client'].includes(String(tokenFields(reply.text)['error']));
}

/** `: the provider's own sentence`, or nothing. */
function providerWords({ manifest, reply, secrets }: Refusal): string {
  const fields = tokenFields(reply.text);
  const { error } = fields;
  const nested = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
  const words = [fields['error_description'], fields['message'], error, nested].find(
    (part): part is string => typeof part === 'string' && part !== '',
  );
  if (!words) return '';
  // Hidden before it is cut: of half a secret nobody knows that it is one.
  const shown = redact(words, secretParts(secrets))
    .replace(/\s+/g, ' ')
    .slice(0, 200)
    .replace(/[.\s]+$/, '');
  return `: ${unbranded(shown, manifest.name, manifest.whiteLabel?.never)}`;
}
