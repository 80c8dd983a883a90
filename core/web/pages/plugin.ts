import type { Request, Response } from 'express';
import { sqlOf } from '../../database/transaction.ts';
import { isUsable } from '../../integrations/card.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { type AppFieldSources, type MissingAppField, missingAppFields } from '../../plugins/app-fields.ts';
import { hubError } from '../../sdk/errors.ts';
import { answerFor } from '../http/errors.ts';
import { type Check, preflight, skewOf } from '../preflight.ts';
import type { Web } from '../services.ts';
import { type Again, type GuideVars, manifestOf, pluginPage, type Tried, waitWords } from '../view-models/plugin-view.ts';
import { unfinishedSteps, wizardSteps } from '../view-models/wizard-steps.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { connectionsOf } from './connections.ts';
import { type IntegrationPlace, type PluginPlace, pluginPlace } from './context.ts';
import { showPage } from './page.ts';

export async function showPlugin(web: Web, req: Request, res: Response): Promise<void> {
  await renderPlugin(web, req, res, { place: await pluginPlace(web, req, 'view') });
}

/** What a person who leaves for the provider's consent page would run into. */
async function checksOf(web: Web, { place, sandbox, missing }: Checked): Promise<Check[]> {
  const { template, viewer } = place;
  const isConsent = manifestOf(template)?.auth.some(({ method }) => method === 'oauth');
  if (!isConsent || !isUsable(template)) return [];
  return preflight({
    template,
    publicUrl: web.config.publicUrl,
    redirectUri: guideVars(web, template.id).redirectUri,
    sandbox,
    missing: missing.filter(({ name }) => name === 'clientId' || name === 'clientSecret').map(({ variable }) => variable),
    skewMs: await skewOf(sqlOf(web.dataSource)),
    operator: viewer.operator,
  });
}

interface Checked {
  readonly place: PluginPlace;
  readonly sandbox: boolean;
  readonly missing: readonly MissingAppField[];
}

export interface PluginShown {
  readonly place: PluginPlace | IntegrationPlace;
  /** What was tried and refused; typed values come back with it. */
  readonly tried?: Tried;
  readonly status?: number;
}

/** The plugin's page, or for one integration the same two ways to connect it again. */
export async function renderPlugin(web: Web, req: Request, res: Response, shown: PluginShown): Promise<void> {
  const { place, tried, status } = shown;
  const { template, store, viewer } = place;
  const again = 'integration' in place ? await againOf(web, place.integration, place.href) : undefined;
  const integrations = again ? [] : await web.integrationStore.list({ storeId: store.id, pluginId: template.id });
  const [connections = []] = await connectionsOf(web, [template], integrations);
  const sandbox = web.sandbox.plugins().includes(template.id);
  const missing = template.loaded ? missingAppFields(template.loaded, appSources(web)) : [];
  const vars = guideVars(web, template.id);
  const isWaiting = template.state === 'coming-soon' && (await web.wishList.ofStore(store.id)).has(template.id);
  const model = pluginPage({
    ...{ template, connections, vars, viewer, missing, sandbox, again, tried },
    checks: viewer.manage ? await checksOf(web, { place, sandbox, missing }) : [],
    steps: again || !viewer.manage || !isUsable(template) ? [] : wizardSteps('connect', template),
    unfinished: again ? [] : unfinishedSteps(await web.setUps.unfinished(store.id), connections),
    waits: isWaiting ? waitWords(web.mail.mode) : undefined,
  });
  const title = again ? t('cards.reconnectOne', { name: again.name }) : template.name;
  await showPage(web, req, res, { name: 'plugin', title, model, store, sandbox, ...(status !== undefined && { status }) });
}

/**
 * Shows the page again with what went wrong beside the way that was tried.
 * @throws the error itself where it is not the person's or the provider's doing
 */
export async function renderRefused(web: Web, req: Request, res: Response, refused: Refused): Promise<void> {
  const { error, place, method, values = {} } = refused;
  const known = hubError(error);
  if (!known || known.consequence === 'plugin-fault') throw error;
  const { status, detail, fields } = answerFor(error);
  const faults = fields ?? [];
  const message = faults.length > 0 && method === 'manual' && isAboutFields(faults) ? t('plugin.markedFields') : said(detail);
  await renderPlugin(web, req, res, { place, tried: { method, values, faults, message }, status });
}

export interface Refused {
  readonly error: unknown;
  readonly place: PluginPlace | IntegrationPlace;
  readonly method: 'oauth' | 'manual';
  readonly values?: Readonly<Record<string, unknown>>;
}

function isAboutFields(faults: readonly { pointer: string }[]): boolean {
  return faults.every(({ pointer }) => /^\/fields\/./.test(pointer));
}

/** Where the operator's own values for a plugin may come from. */
export function appSources({ config, apps, sandbox }: Web): AppFieldSources {
  return { env: config.pluginEnv, page: apps, sandbox };
}

export async function againOf(web: Web, integration: Integration, href: string): Promise<Again> {
  const { storeId, id, name, account, method } = integration;
  const counts = (await web.records.countsOf(storeId, [id])).get(id) ?? {};
  return { name, account: account?.label, href, method, holds: Object.values(counts).some((count) => count > 0) };
}

export function guideVars(web: Web, pluginId: string): GuideVars {
  const { publicUrl, brand } = web.config;
  return {
    redirectUri: `${publicUrl}/integrations/${pluginId}/oauth/callback`,
    webhookUrl: `${publicUrl}/webhooks/${pluginId}`,
    brand: brand.name,
  };
}
