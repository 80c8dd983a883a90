import type { RunnablePlugin } from '../plugins/registry.ts';
import { type Account, hubError, Rejected, type TestResult } from '../sdk/index.ts';
import { type Contexts, configDefaults } from './context.ts';
import { budgetKey } from './links.ts';
import type { NewCredential } from './new-credential.ts';
import { checkedAccount, checkedTest } from './shapes.ts';

/** A credential that is not kept yet. */
export interface Unproven {
  readonly storeId: string;
  readonly plugin: RunnablePlugin;
  readonly credential: NewCredential;
  /** What `identify` is told. */
  readonly grant: Readonly<Record<string, unknown>>;
}

/** Whose credential it is. @throws Rejected (`INVALID_CREDENTIALS`) when the provider refuses it */
export function identify(contexts: Contexts, { plugin, credential, grant, storeId }: Unproven): Promise<Account> {
  const vars = Object.fromEntries(Object.entries(grant).map(([name, value]) => [name, String(value)]));
  const open = contexts.link({ plugin, credential, vars, budget: `connect:${storeId}`, fields: { store: storeId } });
  return refusedOr(open.manifest.name, () =>
    open.run(async () => checkedAccount(await open.handlers.identify(open.link, grant)), 'identify'),
  );
}

/** Does it work? Identifying the account is the proof where the plugin has no better one. */
export async function firstTest(
  contexts: Contexts,
  { plugin, credential, storeId }: Unproven,
  known: { account: Account; config: Readonly<Record<string, unknown>> | undefined },
): Promise<TestResult> {
  const { account } = known;
  const { handlers, manifest } = plugin.plugin;
  if (!handlers.test) return { message: `Connected to ${account.label}.` };
  const config = { ...configDefaults(plugin), ...known.config };
  const budget = budgetKey({ plugin, method: credential.method, storeId, account });
  const open = contexts.trial({ plugin, credential, account, config, budget, fields: { store: storeId } });
  return refusedOr(manifest.name, () => open.run(async () => checkedTest(await handlers.test?.(open.ctx)), 'test'));
}

/** A provider's refusal means that what the person brought is wrong; everything else keeps its meaning. */
async function refusedOr<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = hubError(error);
    if (!known || known.consequence === 'try-later' || known.consequence === 'plugin-fault') throw error;
    // A plugin that refused by itself has said it in its own words.
    const said = known.code === 'INVALID_CREDENTIALS' ? '' : `${name} did not accept these credentials. `;
    throw new Rejected(`${said}${known.message}`, {
      code: 'INVALID_CREDENTIALS',
      cause: error,
      ...(known.fields && { fields: known.fields }),
    });
  }
}
