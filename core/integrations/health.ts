import type { RunnablePlugin } from '../plugins/registry.ts';
import type { Manifest, Todo } from '../sdk/index.ts';
import type { EventFigures, HealthFigures, LastFailure, SyncFigures } from './health-store.ts';
import type { Integration } from './integration-store.ts';
import { askedBefore, renewalOf } from './renewals.ts';
import type { ServiceParts } from './service-parts.ts';
import { isSilent } from './silence.ts';
import { todosOf } from './todo.ts';
import { type TokenHealth, tokenHealth } from './token-health.ts';

/** What mends it: `settings` may name the field. */
export interface Fix {
  readonly by: 'reconnect' | 'settings' | 'test' | 'sync';
  readonly field: string | null;
}

/** `good`: nothing to do. `degraded`: works, with losses. `attention`: a person must act. `off`: it is not meant to work. */
export type HealthState = 'good' | 'degraded' | 'attention' | 'off';

export interface Health {
  readonly state: HealthState;
  /** What is wrong, in one sentence; null when nothing is. */
  readonly reason: string | null;
  /** What to do about it. */
  readonly nextStep: string | null;
  /** Null where the hub mends it by itself, or nobody here can. */
  readonly fix: Fix | null;
  /** What its owner has still to choose. */
  readonly todo: readonly Todo[];
  readonly connection: { readonly status: string; readonly lastTestedAt: Date | null; readonly message: string | null };
  /** Null for keys without an end. */
  readonly token: TokenHealth | null;
  /** Null for a plugin without webhooks. */
  readonly webhooks: WebhookHealth | null;
  /** What the provider allows for this account. */
  readonly budget: { readonly requests: number; readonly seconds: number } | null;
  readonly syncs: SyncHealth;
}

export interface WebhookHealth extends EventFigures {
  readonly url: string;
  readonly lastEventAt: Date | null;
  /** Nothing came for much longer than usual. */
  readonly silent: boolean;
}

export interface SyncHealth extends SyncFigures {
  readonly lastSyncedAt: Date | null;
  /** Of the runs that ended in the last 7 days; null when none did. */
  readonly successShare: number | null;
  readonly lastFailure: LastFailure | null;
}

/** What mends an integration that stopped for another reason than its credential. */
const MENDED_BY: Readonly<Record<string, Pick<Health, 'nextStep' | 'fix'>>> = {
  CONFIG_SCHEMA_INVALID: { nextStep: 'Mend its settings.', fix: { by: 'settings', field: null } },
  INTEGRATION_NOT_ACTIVE: { nextStep: 'Ask the operator of this hub.', fix: null },
};
const RECONNECT: Fix = { by: 'reconnect', field: null };
/** Codes of a failure that another try cannot mend: the credential lacks something, or a permission with it. */
const ASKED_OF_CREDENTIAL: ReadonlySet<string> = new Set(['INVALID_CREDENTIALS', 'RECONNECT_NEEDED']);

export async function healthOf(parts: ServiceParts, integration: Integration): Promise<Health> {
  const found = (await healthsOf(parts, [integration])).get(integration.id);
  if (!found) throw new Error('an integration without health');
  return found;
}

/** By id, in two statements however many they are. */
export async function healthsOf(parts: ServiceParts, integrations: readonly Integration[]): Promise<ReadonlyMap<string, Health>> {
  const figures = await parts.healthStore.of(integrations);
  return new Map(
    integrations.flatMap((integration) => {
      const own = figures.get(integration.id);
      return own ? [[integration.id, told(parts, integration, own)]] : [];
    }),
  );
}

function told(parts: ServiceParts, integration: Integration, found: HealthFigures): Health {
  const { credential, syncs, lastFailure, events } = found;
  const loaded = parts.plugins.get(integration.pluginId);
  const webhook = loaded?.plugin.handlers.webhook;
  const details = {
    token: tokenHealth(credential, loaded?.plugin.manifest, new Date()),
    webhooks: webhook ? { url: parts.subscriptions.urlOf(integration, webhook), ...heard(integration, found), ...events } : null,
    budget: loaded ? budgetOf(loaded.plugin.manifest) : null,
    syncs: syncHealth(integration, syncs, lastFailure),
    todo: todosOf(loaded, integration),
  };
  const { lastTestedAt = null, message = null, status } = integration;
  return { ...verdict(integration, loaded, details), connection: { status, lastTestedAt, message }, ...details };
}

/** The one thing to know, worst first. Pure. */
export function verdict(
  { status, enabled, name, message, method, reasonCode, webhookProblem, connectedAt }: Integration,
  plugin: Pick<RunnablePlugin, 'plugin'> | undefined,
  { token, webhooks, syncs, todo }: Pick<Health, 'token' | 'webhooks' | 'syncs' | 'todo'>,
): Verdict {
  if (status === 'disconnected') return say('off', message ?? `${name} is disconnected.`, 'Reconnect it to go on.', RECONNECT);
  if (status === 'pending') return say('off', `${name} is not connected yet.`, 'Finish connecting it.');
  if (status === 'error') {
    const { nextStep, fix } = MENDED_BY[reasonCode ?? ''] ?? { nextStep: 'Reconnect it.', fix: RECONNECT };
    return say('attention', message ?? `${name} stopped working.`, nextStep, fix);
  }
  if (!plugin) return say('attention', 'Its plugin is not available.', 'The operator of this hub can see why.');
  if (!enabled) return say('off', `${name} is paused.`, 'Resume it to go on.');
  if (token?.state === 'ended' && !token.renewable)
    return say('attention', method === 'manual' ? 'Its keys have ended.' : 'Its sign-in has ended.', 'Reconnect it.', RECONNECT);
  const [first] = todo;
  const asked = method === 'manual' || renewalOf(plugin.plugin.manifest) !== undefined;
  if (asked && token?.state === 'ending' && !token.renewable && token.expiresAt)
    return say('attention', askedBefore(token.expiresAt, method), 'Reconnect it; until then everything goes on.', RECONNECT);
  if (first) return say('attention', first.text, `${first.step}.`, { by: 'settings', field: first.field });
  if (reasonCode === 'RECONNECT_NEEDED' && message)
    return say('attention', message, 'Reconnect it; until then everything goes on.', RECONNECT);
  if (token && token.failures > 2) {
    return say('degraded', 'Its access could not be renewed lately.', 'The hub keeps trying; look again in an hour.');
  }
  // What failed before it was connected again is history; its first syncs are under way.
  if (syncs.lastFailure && !(connectedAt && syncs.lastFailure.at < connectedAt)) return failed(plugin, syncs.lastFailure);
  if (webhooks && webhooks.dead > 0) {
    const { dead } = webhooks;
    const what = dead === 1 ? 'One live change could not be handled.' : `${dead} live changes could not be handled.`;
    return say('degraded', what, 'Have them handled again on the page Live changes.');
  }
  if (webhookProblem) return say('degraded', webhookProblem, 'Test it to try again.', { by: 'test', field: null });
  if (webhooks?.silent && webhooks.lastEventAt) {
    return say('degraded', 'It used to report changes and has fallen silent.', 'Test it; syncs go on bringing what changed.', {
      by: 'test',
      field: null,
    });
  }
  return message ? say('degraded', message, 'Reconnect it when the reason is gone.', RECONNECT) : say('good', null, null);
}

function failed(plugin: Pick<RunnablePlugin, 'plugin'>, { stream, streams, code, message, everywhere }: LastFailure): Verdict {
  const why = message ?? 'the run says why.';
  const denied = ASKED_OF_CREDENTIAL.has(code ?? '');
  const fix: Fix = denied ? RECONNECT : { by: 'sync', field: null };
  const next = denied ? 'Reconnect it.' : undefined;
  if (everywhere) return say('attention', `Nothing is synced: ${why}`, next ?? 'Mend that, then sync again.', fix);
  const title = titleIn(plugin, stream);
  const what = streams > 1 ? `The last syncs of ${title} and ${streams - 1} more failed` : `The last sync of ${title} failed`;
  return say('degraded', `${what}: ${why}`, next ?? 'Sync again, or look at the list of syncs.', fix);
}

/** `daily figures`; `SMS messages` keeps its capitals. */
function titleIn({ plugin }: Pick<RunnablePlugin, 'plugin'>, stream: string): string {
  const title = plugin.handlers.streams?.[stream]?.title ?? stream;
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

type Verdict = Pick<Health, 'state' | 'reason' | 'nextStep' | 'fix'>;

function say(state: HealthState, reason: string | null, nextStep: string | null, fix: Fix | null = null): Verdict {
  return { state, reason, nextStep, fix };
}

function heard(
  { lastEventAt, connectedAt }: Integration,
  { unsortedAt, usualGapMs }: HealthFigures,
): Pick<WebhookHealth, 'lastEventAt' | 'silent'> {
  const last = unsortedAt ?? lastEventAt ?? null;
  return { lastEventAt: last, silent: isSilent(last ?? connectedAt ?? new Date(), usualGapMs) };
}

function syncHealth({ lastSyncedAt }: Integration, figures: SyncFigures, lastFailure: LastFailure | undefined): SyncHealth {
  const ended = figures.succeeded + figures.partial + figures.failed;
  const successShare = ended === 0 ? null : Math.round((figures.succeeded / ended) * 1000) / 1000;
  return { ...figures, lastSyncedAt: lastSyncedAt ?? null, successShare, lastFailure: lastFailure ?? null };
}

function budgetOf({ rate = { requests: 100, seconds: 60 } }: Manifest): { requests: number; seconds: number } {
  return { requests: rate.requests, seconds: rate.seconds };
}
