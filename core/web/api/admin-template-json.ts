import { type Census, NOBODY } from '../../integrations/census-store.ts';
import { appForm, variableOf } from '../../plugins/app-fields.ts';
import { isSecret } from '../../plugins/form-check.ts';
import type { Template } from '../../plugins/registry.ts';
import { type AppSource, appSource } from '../app-source.ts';
import { factsOf, isCardOnly } from '../plugin-facts.ts';
import type { Web } from '../services.ts';
import { iconUrl } from '../view-models/card-view.ts';
import { manifestOf } from '../view-models/plugin-view.ts';

/** A template as operators see it. */
export function adminTemplateJson(web: Web, template: Template, census: Census = NOBODY): Record<string, unknown> {
  const { id, name, summary, category, state, active, error, manifest, loaded, overrides } = template;
  const { grade, failures, lastError, lastFailureAt } = factsOf(web.registry, template);
  return {
    id,
    name,
    summary,
    category,
    docs: manifest?.docs ?? null,
    icon: iconUrl(template) ?? null,
    state,
    active,
    comingSoon: state === 'coming-soon',
    withoutCode: isCardOnly(template),
    methods: (manifestOf(template)?.auth ?? []).map(({ method }) => method),
    generation: loaded?.generation ?? null,
    putBack: template.putBack ?? null,
    hash: loaded?.hash ?? null,
    loadedAt: loaded?.loadedAt ?? null,
    grade: grade ?? null,
    error: error ?? null,
    failures,
    lastError: lastError ?? null,
    lastFailureAt: lastFailureAt ?? null,
    overrides,
    integrations: census,
  };
}

/** The same with all there is to say about one. */
export async function wholeTemplateJson(
  web: Web,
  template: Template,
  census: Census | undefined,
): Promise<Record<string, unknown>> {
  const manifest = manifestOf(template);
  const [{ findings }, generations] = [factsOf(web.registry, template), await web.registry.generations(template.id)];
  return {
    ...adminTemplateJson(web, template, census),
    own: template.manifest
      ? {
          name: template.manifest.name,
          summary: template.manifest.summary,
          category: template.manifest.category,
          guides: Object.fromEntries((manifest?.auth ?? []).map(({ method, guide }) => [method, guide])),
        }
      : null,
    findings,
    generations,
    app: appJson(web, template),
  };
}

interface AppFieldJson {
  readonly name: string;
  readonly title: string;
  readonly secret: boolean;
  readonly required: boolean;
  readonly variable: string;
  readonly source: AppSource;
}

/** Where each value comes from; never the value. */
function appJson(web: Web, { id, loaded }: Template): AppFieldJson[] {
  const form = loaded && appForm(loaded);
  return Object.entries(form?.properties ?? {}).map(([name, field]) => ({
    name,
    title: field.title,
    secret: isSecret(field),
    required: (form?.required ?? []).includes(name),
    variable: variableOf(id, name),
    source: appSource(web, id, { name, field }),
  }));
}
