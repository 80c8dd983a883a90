import type { Principal } from '../access/principal.ts';
import { Rejected } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';
import type { ServiceParts } from './service-parts.ts';

/**
 * Takes an ended connection off the lists. Its records stay as was chosen when it ended, and connecting the same account
 * again brings it back.
 * @throws Rejected (`CONFLICT`) while it is connected
 */
export async function remove(parts: ServiceParts, integration: Integration, principal: Principal): Promise<void> {
  const { storeId, id, name } = integration;
  await parts.store.transaction(async (sql) => {
    const { status } = await parts.store.get(storeId, id, sql);
    if (status !== 'disconnected')
      throw new Rejected(`${name} is still connected. Disconnect it first, then remove it.`, { code: 'CONFLICT' });
    await parts.store.update(storeId, id, { removedAt: new Date() }, sql);
    await parts.audit.record({ storeId, principal, action: 'integration.remove', target: id }, sql);
  });
}
