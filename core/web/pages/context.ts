import type { Request } from 'express';
import type { Principal } from '../../access/principal.ts';
import type { Need, StoreView } from '../../access/stores.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import { NotFound, Rejected } from '../../sdk/errors.ts';
import { principalOf } from '../http/guard.ts';
import { param } from '../http/request.ts';
import type { Web } from '../services.ts';
import type { Viewer } from '../view-models/card-view.ts';
import { inReadersLanguage } from '../words/plugin-texts.ts';
import { t } from '../words/texts.ts';
import { currentStore } from './page.ts';

/** What a page about a plugin is about. */
export interface PluginPlace {
  readonly principal: Principal;
  readonly store: StoreView;
  readonly viewer: Viewer;
  readonly template: Template;
}

/** What a page about one integration is about. */
export interface IntegrationPlace extends PluginPlace {
  readonly integration: Integration;
  /** Of its page. */
  readonly href: string;
}

/** @throws Rejected (`FORBIDDEN`) for a person without a store, or whose role does not allow `need` */
export async function storePlace(web: Web, req: Request, need: Need): Promise<Omit<PluginPlace, 'template'>> {
  const principal = principalOf(req);
  const current = await currentStore(web, req);
  if (!current) {
    throw new Rejected(t('error.noStore'), { code: 'FORBIDDEN' });
  }
  const store = need === 'view' ? current : await web.stores.resolve(principal, current.id, need);
  return { principal, store, viewer: { operator: principal.operator, manage: store.role === 'owner' } };
}

/** @throws NotFound for an id nobody has; otherwise as {@link storePlace} does */
export async function pluginPlace(web: Web, req: Request, need: Need): Promise<PluginPlace> {
  const place = await storePlace(web, req, need);
  const template = web.registry.template(param(req, 'plugin'));
  if (!template) throw new NotFound(t('error.noIntegration'));
  return { ...place, template: inReadersLanguage(template) };
}

/** @throws NotFound when the store has no such integration; otherwise as {@link pluginPlace} does */
export async function integrationPlace(web: Web, req: Request, need: Need): Promise<IntegrationPlace> {
  const place = await pluginPlace(web, req, need);
  const integration = await web.integrationStore.get(place.store.id, param(req, 'id'));
  if (integration.pluginId !== place.template.id) {
    throw new NotFound(t('error.otherPlugin', { plugin: place.template.name }));
  }
  return { ...place, integration, href: `/integrations/${integration.pluginId}/${integration.id}` };
}
