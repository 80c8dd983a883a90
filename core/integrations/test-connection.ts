import type { Principal } from '../access/principal.ts';
import { type Account, hubError, ReconnectNeeded, type TestResult } from '../sdk/index.ts';
import { keysOf } from './access.ts';
import { heal } from './attention.ts';
import { checkedSettings } from './configure.ts';
import type { OpenContext } from './context.ts';
import type { Integration } from './integration-store.ts';
import { openFields } from './new-credential.ts';
import { renewalOf } from './renewals.ts';
import type { ServiceParts } from './service-parts.ts';
import { checkedAccount, checkedTest, record } from './shapes.ts';

interface Proof {
  readonly result: TestResult;
  /** As the provider names it now, where it was asked. */
  readonly account: Account | undefined;
}

/**
 * Asks the provider whether the connection works, also for one that needs attention: when it does, it is active again.
 * @throws what the plugin throws; a ReconnectNeeded has flagged the integration by then
 */
export async function testConnection(parts: ServiceParts, integration: Integration, principal: Principal): Promise<TestResult> {
  const { storeId, id } = integration;
  const open = await parts.contexts.forIntegration(integration, { evenIfInactive: true });
  await parts.audit.record({ storeId, principal, action: 'credential.read', target: id, detail: { purpose: 'test' } });
  const { result, account } = await proven(parts, integration, { open, principal });
  const mended = integration.status === 'error' && (await provesIt(parts, integration));
  await parts.store.transaction(async (sql) => {
    const change = {
      lastTestedAt: new Date(),
      ...(account && { account }),
      ...(result.counts && { counts: { ...integration.counts, ...result.counts } }),
    };
    await parts.store.update(storeId, id, change, sql);
    if (!mended || !(await heal(integration, integration.reasonCode ?? '', sql))) return;
    await parts.audit.record({ storeId, principal, action: 'integration.mended', target: id }, sql);
    await parts.hooks.onReady?.(await parts.store.get(storeId, id, sql), sql);
  });
  await parts.subscriptions.follow(await parts.store.get(storeId, id));
  return result;
}

/** The same, with a note of how it went: a test that fails is what somebody looks for later. */
async function proven(
  parts: ServiceParts,
  integration: Integration,
  { open, principal }: { open: OpenContext; principal: Principal },
): Promise<Proof> {
  const entry = { storeId: integration.storeId, principal, action: 'integration.test', target: integration.id };
  try {
    const proof = await prove(parts, integration, open);
    await parts.audit.record({ ...entry, detail: { passed: true, message: proof.result.message } });
    return proof;
  } catch (error) {
    await parts.audit.record({ ...entry, detail: { passed: false, message: hubError(error)?.message } });
    throw error;
  }
}

/**
 * The same with settings that are not saved yet; nothing is kept of it.
 * @throws Rejected (`CONFIG_SCHEMA_INVALID`) naming every field at fault, or what the plugin throws
 */
export async function trySettings(
  parts: ServiceParts,
  integration: Integration,
  { values, principal }: { readonly values: unknown; readonly principal: Principal },
): Promise<TestResult> {
  const { storeId, id } = integration;
  const { checked: config } = await checkedSettings(parts, integration, values);
  const open = await parts.contexts.forIntegration(integration, { evenIfInactive: true, config });
  await parts.audit.record({ storeId, principal, action: 'credential.read', target: id, detail: { purpose: 'test' } });
  return (await prove(parts, integration, open)).result;
}

async function prove(parts: ServiceParts, integration: Integration, open: OpenContext): Promise<Proof> {
  const { handlers, ctx, run } = open;
  if (handlers.test) {
    return { result: await run(async () => checkedTest(await handlers.test?.(ctx)), 'test'), account: undefined };
  }
  const grant = await grantOf(parts, integration, open);
  const account = await run(async () => {
    const { expiresAt: _, ...found } = checkedAccount(await handlers.identify(ctx, grant));
    if (found.externalId === ctx.account.externalId) return found;
    throw new ReconnectNeeded(`The credential now opens ${found.label} instead of ${ctx.account.label}; connect it again.`);
  }, 'identify');
  return { result: { message: `Connected to ${account.label}.` }, account };
}

/** What `identify` was told when the account was connected. */
async function grantOf(parts: ServiceParts, { storeId, id, method }: Integration, open: OpenContext) {
  const credential = await parts.credentials.get({ storeId, integrationId: id });
  const { grant, ...fields } = await parts.vault.openAll({ store: storeId, owner: id }, credential?.secrets ?? {});
  if (method === 'oauth') return record(JSON.parse(grant ?? '{}'), 'the stored grant is no object');
  return openFields(keysOf(open.plugin), { ...fields, ...(grant !== undefined && { grant }) });
}

/** A token that still opens the account says nothing about a grant that cannot be renewed any more. */
async function provesIt({ credentials, plugins }: ServiceParts, integration: Integration): Promise<boolean> {
  const { storeId, id, pluginId, method, reasonCode } = integration;
  // Settings that must be mended, and what an administrator stopped, are none of the provider's business.
  if (reasonCode === 'CONFIG_SCHEMA_INVALID' || reasonCode === 'INTEGRATION_NOT_ACTIVE') return false;
  if (method === 'manual') return true;
  const credential = await credentials.get({ storeId, integrationId: id });
  if (!credential) return false;
  // A permission that only its owner renews never had more to it than the token.
  if (renewalOf(plugins.require(pluginId).plugin.manifest)) return true;
  return credential.expiresAt === null || credential.secrets['refreshToken'] !== undefined;
}
