import { cardOf, type Held } from '../integrations/card.ts';
import type { Health } from '../integrations/health.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { webhookAddress } from '../integrations/webhook-address.ts';
import type { Template } from '../plugins/registry.ts';
import type { Form } from '../sdk/form.ts';
import type { Auth } from '../sdk/manifest.ts';
import type { Run } from '../syncs/syncs.ts';
import { integrationState } from './card.ts';
import type { Web } from './services.ts';

/** An integration and how it is. */
export type Told = Integration & { readonly health: Health };

/** How each of them is. */
export async function withHealth(web: Web, integrations: readonly Integration[]): Promise<Told[]> {
  const healths = await web.integrations.healths(integrations);
  return integrations.flatMap((one) => {
    const health = healths.get(one.id);
    return health ? [{ ...one, health }] : [];
  });
}

/** An integration as API callers see it; holds no secret. */
export async function integrationJson(web: Web, integration: Integration | Told): Promise<Record<string, unknown>> {
  return (await integrationsJson(web, [integration])).get(integration.id) ?? {};
}

/** The same for several, by id. */
export async function integrationsJson(
  web: Web,
  integrations: readonly (Integration | Told)[],
): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  const told = integrations.filter((one) => 'health' in one);
  const bare = integrations.filter((one) => !('health' in one));
  const [found, settings] = await Promise.all([withHealth(web, bare), web.integrations.maskedSettings(integrations)]);
  return new Map([...told, ...found].map((one) => [one.id, jsonOf(web, one, settings.get(one.id) ?? {})]));
}

function jsonOf(web: Web, integration: Told, config: Integration['config']): Record<string, unknown> {
  const template = web.registry.template(integration.pluginId);
  const {
    id,
    pluginId,
    name,
    description = null,
    status,
    enabled,
    reasonCode,
    message,
    method,
    account,
    counts,
    sandbox,
    health,
  } = integration;
  return {
    id,
    plugin: pluginId,
    name,
    description,
    status,
    enabled,
    state: integrationState({ status, enabled, health }, template),
    reason: reasonCode || message ? { code: reasonCode ?? null, message: message ?? null } : null,
    method,
    account: account ? { externalId: account.externalId, label: account.label, mode: account.mode ?? null } : null,
    config,
    counts,
    conflictRule: integration.conflictRule,
    sandbox,
    webhookUrl: webhookUrl(web, integration) ?? null,
    webhookProblem: integration.webhookProblem ?? null,
    connectedAt: integration.connectedAt ?? null,
    lastTestedAt: integration.lastTestedAt ?? null,
    lastSyncedAt: integration.lastSyncedAt ?? null,
    lastEventAt: integration.lastEventAt ?? null,
    createdAt: integration.createdAt,
    updatedAt: integration.updatedAt,
  };
}

/** Where the provider is to send this integration's webhooks; undefined for a plugin without any. */
export function webhookUrl(web: Web, integration: Integration): string | undefined {
  const webhook = web.registry.get(integration.pluginId)?.plugin.handlers.webhook;
  if (!webhook) return undefined;
  return webhookAddress(web.config.publicUrl, integration, webhook);
}

/** A card: what can be connected and how, and what is. */
export function templateJson(template: Template, integrations: readonly Held[], operator: boolean): Record<string, unknown> {
  const { id, name, summary, category, manifest, active, error, loaded } = template;
  const ready = manifest && !manifest.comingSoon ? manifest : undefined;
  const streams = Object.entries(loaded?.plugin.handlers?.streams ?? {});
  const actions = Object.entries(loaded?.plugin.handlers?.actions ?? {});
  return {
    id,
    name,
    summary,
    category,
    state: cardOf(template, integrations).state,
    comingSoon: template.state === 'coming-soon',
    docs: manifest?.docs ?? null,
    methods: (ready?.auth ?? []).map(methodJson),
    config: ready?.config ?? null,
    streams: Object.fromEntries(streams.map(([stream, { title }]) => [stream, title])),
    actions: Object.fromEntries(actions.map(([action, { title }]) => [action, title])),
    ...(operator && { active, error: error ?? null }),
  };
}

function methodJson(auth: Auth): { method: string; title: string; fields?: Form; scopes?: unknown } {
  const { method, title } = auth;
  return auth.method === 'manual' ? { method, title, fields: auth.fields } : { method, title, scopes: auth.scopes };
}

/** A run; what is not known (yet) is null. */
export function runJson(run: Run): Record<string, unknown> {
  const { startedAt, finishedAt } = run;
  const seconds = startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : null;
  const told = Object.fromEntries(RUN_FIELDS.map((name) => [name, run[name] ?? null]));
  return { ...told, integration: run.integrationId, seconds };
}

const RUN_FIELDS = [
  ...(['id', 'stream', 'trigger', 'mode', 'status', 'requestedBy', 'pages', 'total', 'seen', 'written', 'unchanged'] as const),
  ...(['deleted', 'older', 'heldBack', 'allowDeletions', 'failed', 'held', 'failures', 'notes', 'errorCode', 'message'] as const),
  ...(['attempts', 'cancelRequestedAt', 'queuedAt', 'startedAt', 'finishedAt'] as const),
];
