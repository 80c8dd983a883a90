import { isDeepStrictEqual } from 'node:util';
import type { Request, Response } from 'express';
import type { Integration } from '../integrations/integration-store.ts';
import { isReadable, readsAny } from '../integrations/readable.ts';
import { fromPost } from '../plugins/form-post.ts';
import { type Field, type FieldFault, type Form, hubError, Rejected } from '../sdk/index.ts';
import { answerFor } from './errors.ts';
import { choicesFor } from './form-choices.ts';
import { showPage } from './page.ts';
import { type IntegrationPlace, integrationPlace } from './page-context.ts';
import { finish } from './page-outcome.ts';
import { said } from './said.ts';
import type { Web } from './services.ts';
import { t } from './texts.ts';
import { streamTitle } from './view-models/card-view.ts';
import { formView } from './view-models/form-view.ts';
import { manifestOf, pluginHead } from './view-models/plugin-view.ts';
import { postedFields } from './view-models/posted-fields.ts';
import { list, lowered } from './words.ts';

export async function showConfigure(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { plain } = await web.integrations.settings(place.integration);
  await render(web, req, res, { place, values: plain, name: place.integration.name });
}

export async function configure(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { store, integration, principal, href } = place;
  const form = configForm(place);
  const values = postedFields(form, req.body);
  const { _name } = (req.body ?? {}) as Record<string, unknown>;
  const name = typeof _name === 'string' ? _name.trim() : integration.name;
  const nameError = nameFault(name);
  if (nameError) return render(web, req, res, { place, values, name, nameError, error: t('configure.look'), status: 422 });
  try {
    const changed = await web.integrations.configure(store.id, integration.id, fromPost(form, values), principal);
    if (name !== integration.name) await web.integrations.rename(store.id, integration.id, { name }, principal);
    await finish(req, res, href, async () =>
      [t('configure.saved', { name }), whatFollows(web, place, changed)].filter(Boolean).join(' '),
    );
  } catch (error) {
    const known = hubError(error);
    if (!known || known.consequence === 'plugin-fault') throw error;
    const { status, detail, fields = [] } = answerFor(error);
    await render(web, req, res, {
      place,
      values,
      name,
      faults: fields,
      error: fields.length > 0 ? t('configure.look') : said(detail),
      status,
    });
  }
}

/** What happens with them now, or what is to be done. */
function whatFollows(web: Web, { template, integration }: IntegrationPlace, changed: Integration): string {
  const streams = web.syncs.following({ integration: changed, before: integration.config });
  const titles = list(streams.map((stream) => lowered(streamTitle(template, stream))));
  if (titles) return t('configure.readsAnew', { what: titles });
  const reads = readsAny(template.loaded?.plugin.handlers?.streams, changed.method);
  return reads && !isDeepStrictEqual(changed.config, integration.config) ? t('configure.syncAgain') : '';
}

/** Told before anything is saved, so that either all is or nothing. */
function nameFault(name: string): string | undefined {
  if (name === '') return t('configure.noName');
  return name.length > 100 ? t('configure.longName') : undefined;
}

interface Shown {
  readonly place: IntegrationPlace;
  readonly values: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly nameError?: string;
  readonly faults?: readonly FieldFault[];
  readonly error?: string;
  readonly status?: number;
}

async function render(web: Web, req: Request, res: Response, shown: Shown): Promise<void> {
  const { place, values, name, faults, error, status } = shown;
  const { store, template, integration, href } = place;
  const form = followedForm(place);
  const [options, { stored }] = await Promise.all([
    choicesFor(web, place, { form, draft: values }),
    web.integrations.settings(integration),
  ]);
  const model = {
    plugin: pluginHead(template),
    integration: { id: integration.id, name: integration.name, href, account: integration.account?.label },
    fields: formView({ form, prefix: 'config-', values, faults, options, stored }),
    name,
    nameError: shown.nameError,
    error,
  };
  const title = t('cards.configureOne', { name: integration.name });
  const page = { name: 'configure' as const, title, model, store, sandbox: integration.sandbox };
  await showPage(web, req, res, { ...page, ...(status !== undefined && { status }) });
}

/** The same with a word beside those settings that choose whose records are read. */
function followedForm(place: IntegrationPlace): Form {
  const form = configForm(place);
  const { template, integration } = place;
  const streams = Object.entries(template.loaded?.plugin.handlers?.streams ?? {}).filter(([, one]) =>
    isReadable(one, integration.method),
  );
  const properties = Object.entries(form.properties).map(([name, field]): [string, Field] => {
    const following = streams.filter(([, { follows = [] }]) => follows.some((one) => one === name));
    if (following.length === 0 || !integration.lastSyncedAt) return [name, field];
    const titles = list(following.map(([stream]) => lowered(streamTitle(template, stream))));
    const says = t('configure.changeReads', { what: titles });
    return [name, { ...field, description: [field.description, says].filter(Boolean).join(' ') }];
  });
  return { ...form, properties: Object.fromEntries(properties) };
}

function configForm({ template }: IntegrationPlace): Form {
  const form = manifestOf(template)?.config;
  if (form && template.loaded) return form;
  throw new Rejected(t('configure.outOfService', { plugin: template.name }), {
    code: 'PLUGIN_UNAVAILABLE',
  });
}
