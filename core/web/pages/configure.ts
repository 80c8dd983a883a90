import { isDeepStrictEqual } from 'node:util';
import type { Request, Response } from 'express';
import type { ConflictRule } from '../../integrations/integration-entity.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { readsAny } from '../../integrations/readable.ts';
import type { Web } from '../services.ts';
import { faultLinks } from '../view-models/field-summary.ts';
import { formView } from '../view-models/form-view.ts';
import { streamTitle } from '../view-models/stream-words.ts';
import { list, lowered } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { configForm, type Draft } from './configure-fields.ts';
import { ownFaults, postedSettings, renderRefused, renderSettings } from './configure-form.ts';
import { type IntegrationPlace, integrationPlace } from './context.ts';
import { faultsIn } from './form-faults.ts';
import { finish } from './outcome.ts';

export async function showConfigure(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { plain } = await web.integrations.settings(place.integration);
  const { name, conflictRule } = place.integration;
  await renderSettings(web, req, res, { place, values: plain, name, conflictRule });
}

/** Saves them; during a set-up only once the provider has been asked with them, unless somebody insists. */
export async function configure(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { store, integration, principal, href } = place;
  const { typed, ...draft } = postedSettings(place, req.body);
  const shown = { place, ...draft, values: typed };
  const faults = ownFaults(draft, place);
  if (faults.length > 0) return renderSettings(web, req, res, { ...shown, faults, error: t('configure.look'), status: 422 });
  const setUp = await web.setUps.of(store.id, integration.id);
  const begins = setUp?.step === 'configure';
  const { _untested } = (req.body ?? {}) as Record<string, unknown>;
  const tests = begins && _untested !== 'yes' && integration.status === 'active';
  try {
    if (tests) await web.integrations.trySettings(store.id, integration.id, { values: draft.values, principal });
    const saved = await web.integrations.configure(store.id, integration.id, draft.values, principal);
    const changed = (await changeOwn(web, place, draft)) ?? saved;
    if (begins) return await goOn(web, req, res, { place, changed });
    await finish(req, res, href, async () =>
      [t('configure.saved', { name: draft.name }), whatFollows(web, place, changed)].filter(Boolean).join(' '),
    );
  } catch (error) {
    await renderRefused(web, req, res, { ...shown, untested: tests, cause: error });
  }
}

/** To the first sync, which waited for them. */
async function goOn(web: Web, req: Request, res: Response, { place, changed }: GoingOn): Promise<void> {
  const { store, integration, principal, href, template } = place;
  await web.setUps.configured(store.id, integration.id);
  await finish(req, res, `${href}/first-sync`, async () => {
    const reads = readsAny(template.loaded?.plugin.handlers?.streams, changed.method);
    if (reads && changed.status === 'active' && changed.enabled) {
      await web.syncs.request({ integration: changed, trigger: 'initial', requestedBy: principal.email });
    }
    return t('configure.saved', { name: changed.name });
  });
}

interface GoingOn {
  readonly place: IntegrationPlace;
  readonly changed: Integration;
}

/** Asks the provider whether the connection works with what stands in the form; nothing is saved. */
export async function testSettings(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { store, integration, principal } = place;
  const { typed, ...draft } = postedSettings(place, req.body);
  const shown = { place, ...draft, values: typed, patient: true };
  try {
    const { message, partly } = await web.integrations.trySettings(store.id, integration.id, { values: draft.values, principal });
    const text = `${said(message)} ${t('configure.works')}`;
    await renderSettings(web, req, res, { ...shown, flash: { kind: partly ? 'warn' : 'good', text } });
  } catch (error) {
    await renderRefused(web, req, res, { ...shown, cause: error });
  }
}

/** The same form with the provider's choices as they are now, for what is typed by then; nothing is saved. */
export async function askAgain(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { typed, ...draft } = postedSettings(place, req.body);
  await renderSettings(web, req, res, { place, ...draft, values: typed, patient: true });
}

/** What is wrong with the fields so far, by the ids of the page; asks nobody else and keeps nothing. */
export async function checkSettings(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const form = configForm(place);
  const { values, ...draft } = postedSettings(place, req.body);
  const { stored } = await web.integrations.settings(place.integration);
  const own = ownFaults({ ...draft, values }, place);
  const named = own.filter(({ pointer }) => pointer === '/_name').map(({ message }) => ({ id: 'integration-name', message }));
  const faults = faultsIn(() => web.forms.check(form, values)).filter(
    ({ pointer }) => !stored.some((name) => pointer === `/${name}` && values[name] === undefined),
  );
  const fields = faultLinks(formView({ form, prefix: 'config-', values: draft.typed, faults }));
  res.set('cache-control', 'no-store').json({ faults: [...named, ...fields] });
}

async function changeOwn(web: Web, { store, integration, principal }: IntegrationPlace, draft: Draft) {
  const change = {
    ...(draft.name !== integration.name && { name: draft.name }),
    ...(draft.conflictRule !== integration.conflictRule && { conflictRule: draft.conflictRule as ConflictRule }),
  };
  if (Object.keys(change).length === 0) return undefined;
  return web.integrations.rename(store.id, integration.id, change, principal);
}

/** What happens with them now, or what is to be done. */
function whatFollows(web: Web, { template, integration }: IntegrationPlace, changed: Integration): string {
  const streams = web.syncs.following({ integration: changed, before: integration.config });
  const titles = list(streams.map((stream) => lowered(streamTitle(template, stream))));
  if (titles) return t('configure.readsAnew', { what: titles });
  const reads = readsAny(template.loaded?.plugin.handlers?.streams, changed.method);
  return reads && !isDeepStrictEqual(changed.config, integration.config) ? t('configure.syncAgain') : '';
}
