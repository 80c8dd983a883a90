import { loadersOf } from '../plugins/form-kinds.ts';
import { type Form, hubError, Rejected } from '../sdk/index.ts';
import type { IntegrationPlace } from './page-context.ts';
import { said } from './said.ts';
import type { Web } from './services.ts';
import { t } from './texts.ts';
import type { Loaded } from './view-models/form-view.ts';

const PATIENCE_MS = 8000;

interface Asking {
  readonly form: Form;
  /** The form as filled in so far, for loaders that depend on it. */
  readonly draft: Readonly<Record<string, unknown>>;
}

/** Asks the provider for every dynamic list at once; one that fails is told of in a sentence, and typed instead. */
export async function choicesFor(web: Web, place: IntegrationPlace, { form, draft }: Asking): Promise<Record<string, Loaded>> {
  const fields = Object.values(form.properties);
  const loaders = new Set(fields.flatMap(loadersOf));
  const { store, integration, template } = place;
  const loaded = await Promise.all(
    [...loaders].map(async (loader): Promise<[string, Loaded]> => {
      try {
        const asked = web.integrations.options(store.id, integration.id, loader, draft);
        return [loader, { options: await inTime(asked, template.name) }];
      } catch (error) {
        return [loader, { trouble: said(hubError(error)?.message ?? t('form.notAsked', { plugin: template.name })) }];
      }
    }),
  );
  return Object.fromEntries(loaded);
}

async function inTime<T>(asked: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Rejected(t('form.tooLong', { plugin: name }))), PATIENCE_MS);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
