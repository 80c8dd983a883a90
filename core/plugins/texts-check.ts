import type { Form, Manifest } from '../sdk/index.ts';
import { isBareSecret } from '../sdk/testing/secret-names.ts';
import { type Breach, isComingSoon, type ReadyPlugin } from './check.ts';
import { type Path, written } from './locate.ts';

/** What people read and what is kept from them: secrets, scopes, descriptions. */
export function textBreaches(plugin: ReadyPlugin): Breach[] {
  if (isComingSoon(plugin)) return [];
  const { manifest, handlers } = plugin;
  const shown = manifestForms(manifest);
  const inputs = Object.entries(handlers.actions ?? {}).map(([name, { input }]): Placed => [['actions', name, 'input'], input]);
  return [
    ...[...shown, ...inputs].flatMap(secretBreaches),
    ...scopeBreaches(manifest),
    ...(handlers.test ? [] : [{ rule: 'P303', file: 'index', message: NO_TEST } as const]),
    ...actionBreaches(handlers.actions ?? {}),
    ...shown.flatMap(descriptionBreaches),
  ];
}

const NO_TEST = 'there is no `test` handler; prove the connection by a call and say in a sentence what it opens';

type Placed = readonly [Path, Form];

function manifestForms({ auth, config, app }: Manifest): Placed[] {
  const keys = auth.flatMap((way, i): Placed[] => (way.method === 'manual' ? [[['auth', i, 'fields'], way.fields]] : []));
  return [...keys, [['config'], config], ...(app ? [[['app'], app] as const] : [])];
}

function placed([path, form]: Placed) {
  const file = path[0] === 'actions' ? ({ file: 'index' } as const) : {};
  return Object.entries(form.properties).map(([name, field]) => ({ name, field, file, at: [...path, 'properties', name] }));
}

function secretBreaches(form: Placed): Breach[] {
  return placed(form)
    .filter(({ name, field }) => isBareSecret(name, field))
    .map(({ at, file }) => ({
      rule: 'P103',
      path: at,
      ...file,
      message: `${written(at)} is named like a secret and would be stored and shown in the clear; add 'x-secret': true, or "public" to its title`,
    }));
}

function scopeBreaches({ auth }: Manifest): Breach[] {
  return auth.flatMap((way, i): Breach[] => {
    if (way.method !== 'oauth') return [];
    const reasons = way.scopes.map(({ reason }) => reason.trim().toLowerCase());
    return way.scopes.flatMap(({ name, reason }, j): Breach[] => {
      const path = ['auth', i, 'scopes', j, 'reason'];
      const said = reason.trim().toLowerCase();
      const problem =
        said.includes(name.toLowerCase()) && said.split(/\s+/).length < 4 ? 'only repeats the name of the scope' : undefined;
      const copied = reasons.indexOf(said) < j ? 'is the same as another one' : undefined;
      const wrong = problem ?? copied;
      return wrong ? [{ rule: 'P104', path, message: `${written(path)} ${wrong}; say what a store loses without it` }] : [];
    });
  });
}

function actionBreaches(actions: Readonly<Record<string, { readonly description?: string }>>): Breach[] {
  return Object.entries(actions)
    .filter(([, { description }]) => !description)
    .map(([name]) => {
      const path = ['actions', name];
      return {
        rule: 'P304',
        file: 'index',
        path,
        message: `${written(path)} has no description; say what it changes at the provider`,
      };
    });
}

function descriptionBreaches(form: Placed): Breach[] {
  return placed(form)
    .filter(({ field }) => !field.description)
    .map(({ at }) => ({
      rule: 'P305',
      path: at,
      message: `${written(at)} has no description; say in a sentence what it is and where to find it`,
    }));
}
