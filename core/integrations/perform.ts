import { v5, v7 } from 'uuid';
import type { Principal } from '../access/principal.ts';
import { despiteConflicts } from '../database/transaction.ts';
import { type ActionCall, type ActionResult, NotFound, type Option, Rejected } from '../sdk/index.ts';
import { barredBy } from './barred.ts';
import type { Applied } from './effects.ts';
import type { Integration } from './integration-store.ts';
import { isReadable, wayWords } from './readable.ts';
import type { ServiceParts } from './service-parts.ts';
import { checkedOptions, record } from './shapes.ts';

export interface Performed {
  readonly data: Readonly<Record<string, unknown>>;
  /** What it changed in the hub; undefined where it only asked. */
  readonly changed: Applied | undefined;
}

export interface ActionRequest {
  readonly action: string;
  readonly input: unknown;
  readonly principal: Principal;
  /** The caller's `Idempotency-Key`: the same one names the same wish. */
  readonly key?: string | undefined;
}

/**
 * Runs one of the plugin's actions at the provider and keeps what it changed.
 * @throws Rejected (`INTEGRATION_NOT_ACTIVE`, or `VALIDATION_FAILED` with the fields at fault, `FORBIDDEN` by its
 * settings), NotFound, or what the plugin throws
 */
export async function performAction(parts: ServiceParts, integration: Integration, wanted: ActionRequest): Promise<Performed> {
  const { storeId, id } = integration;
  const open = await parts.contexts.forIntegration(integration);
  const actions = open.handlers.actions ?? {};
  const action = Object.hasOwn(actions, wanted.action) ? actions[wanted.action] : undefined;
  if (!action) throw new NotFound(`${open.manifest.name} has no action "${wanted.action}".`);
  if (!isReadable(action, integration.method)) throw notThisWay(action.title, integration);
  const barred = barredBy(parts.plugins.get(integration.pluginId), integration, wanted.action);
  if (barred) throw new Rejected(barred.text, { code: 'FORBIDDEN' });
  const input = parts.forms.check(action.input, wanted.input);
  const { principal } = wanted;
  const entry = { storeId, principal, action: 'integration.action', target: id, detail: { action: wanted.action } };
  // Before it runs: what a person asked for is known even when the answer is lost.
  await parts.audit.record(entry);
  const call = callOf(id, wanted);
  const began = await parts.records.now();
  const result = await open.run(async () => checkedResult(await action.run(open.ctx, input, call)), `actions.${wanted.action}`);
  if (!result.effects?.length) return { data: result.data, changed: undefined };
  const { effects } = result;
  let ended: string | undefined;
  // The provider has done it, and would do it again for whoever asked again.
  const changed = await despiteConflicts(() =>
    parts.store.transaction(async (sql) => {
      ended ??= await parts.records.now(sql);
      return parts.effects.apply(sql, integration, effects, { trigger: 'manual', reading: { began, ended } });
    }),
  );
  return { data: result.data, changed };
}

function notThisWay(title: string, { name, method }: Integration): Rejected {
  return new Rejected(
    `"${title}" cannot be done by ${name}, which was connected with ${wayWords(method)}. Connect it the other way.`,
  );
}

/** The key alone is no name: two integrations, or two actions, may be called with the same one. */
function callOf(integrationId: string, { action, key }: ActionRequest): ActionCall {
  return { id: key === undefined ? v7() : v5(JSON.stringify([action, key]), integrationId) };
}

/** The choices of one field. @throws NotFound for a loader the plugin does not have */
export async function loadOptions(
  parts: ServiceParts,
  integration: Integration,
  wanted: { readonly name: string; readonly draft: Readonly<Record<string, unknown>> },
): Promise<Option[]> {
  const open = await parts.contexts.forIntegration(integration, { evenIfInactive: true });
  const loaders = open.handlers.options ?? {};
  const loader = Object.hasOwn(loaders, wanted.name) ? loaders[wanted.name] : undefined;
  if (!loader) throw new NotFound(`${open.manifest.name} has no choices named "${wanted.name}".`);
  return open.run(async () => checkedOptions(await loader(open.ctx, wanted.draft), wanted.name), `options.${wanted.name}`);
}

function checkedResult(value: unknown): ActionResult {
  const result = record(value, 'the action did not return a result');
  const data = record(result['data'], 'the action returned no data');
  const { effects } = result;
  if (effects === undefined) return { data };
  if (!Array.isArray(effects)) throw new Error('the action returned effects that are no list');
  return { data, effects };
}
