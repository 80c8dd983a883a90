import { loadersOf } from '../../plugins/form-kinds.ts';
import { type Form, hubError } from '../../sdk/index.ts';
import type { Web } from '../services.ts';
import type { Loaded } from '../view-models/form-view.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import type { IntegrationPlace } from './context.ts';

const PATIENCE_MS = 8000;
const LATE = Symbol('late');

interface Asking {
  readonly form: Form;
  /** The form as filled in so far, for loaders that depend on it. */
  readonly draft: Readonly<Record<string, unknown>>;
  /** After so long the page is shown and the lists are `pending`; default: asked to the end, which is told of as trouble. */
  readonly patienceMs?: number | undefined;
}

/** Asks the provider for every dynamic list at once; one that fails is told of in a sentence, and typed instead. */
export async function choicesFor(web: Web, place: IntegrationPlace, asking: Asking): Promise<Record<string, Loaded>> {
  const { form, draft, patienceMs } = asking;
  const fields = Object.values(form.properties);
  const loaders = new Set(fields.flatMap(loadersOf));
  const { store, integration, template } = place;
  const loaded = await Promise.all(
    [...loaders].map(async (loader): Promise<[string, Loaded]> => {
      try {
        const asked = web.integrations.options(store.id, integration.id, loader, draft);
        const options = await inTime(asked, patienceMs ?? PATIENCE_MS);
        if (options !== LATE) return [loader, { options }];
        const late = { plugin: template.name };
        return [loader, patienceMs ? { trouble: t('form.pending', late), pending: true } : { trouble: t('form.tooLong', late) }];
      } catch (error) {
        return [loader, { trouble: said(hubError(error)?.message ?? t('form.notAsked', { plugin: template.name })) }];
      }
    }),
  );
  return Object.fromEntries(loaded);
}

async function inTime<T>(asked: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, ms, LATE);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
