import { IntlMessageFormat } from 'intl-messageformat';
import type { LoadedPlugin } from '../../plugins/loaded-plugin.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Manifest } from '../../sdk/index.ts';
import { reader } from './reader.ts';
import { learnTitle } from './said.ts';

type Plugin = LoadedPlugin['plugin'];
type Texts = Readonly<Record<string, string>>;

/** What of a manifest or a form is read by people; ids, values and addresses are left alone. */
const READ = new Set(['title', 'summary', 'description', 'guide', 'reason', 'unproven', 'x-pattern-message']);
/** Objects whose every value is. */
const LABELS = new Set(['x-labels', 'x-keys']);

const made = new WeakMap<Plugin, Map<string, Plugin>>();

/** The template with its plugin's texts in the reader's language, as far as the plugin brings them. */
export function inReadersLanguage(template: Template): Template {
  const { loaded, manifest, summary } = template;
  const texts = textsOf(loaded?.plugin.manifest ?? manifest);
  if (!texts) return template;
  return {
    ...template,
    // An operator's own summary is in nobody's list and stays.
    summary: texts[summary] ?? summary,
    manifest: manifest && translated(manifest, texts),
    loaded: loaded && { ...loaded, plugin: pluginIn(loaded.plugin, texts) },
  };
}

function textsOf(manifest: Template['manifest'] | Plugin['manifest']): Texts | undefined {
  return (manifest as Partial<Manifest> | undefined)?.texts?.[reader().locale];
}

/** Made once a generation and language: checks of forms are kept by the form they are for. */
function pluginIn(plugin: Plugin, texts: Texts): Plugin {
  const known = made.get(plugin) ?? new Map<string, Plugin>();
  made.set(plugin, known);
  const { locale } = reader();
  const own = known.get(locale) ?? withTexts(plugin, texts);
  known.set(locale, own);
  return own;
}

function withTexts(plugin: Plugin, texts: Texts): Plugin {
  const { manifest, handlers } = plugin;
  const { streams, actions } = handlers ?? {};
  for (const { title } of Object.values(streams ?? {})) learn(title, texts);
  return {
    ...plugin,
    manifest: translated(manifest, texts),
    ...(handlers && {
      handlers: {
        ...handlers,
        ...(streams && { streams: translated(streams, texts) }),
        ...(actions && { actions: translated(actions, texts) }),
      },
    }),
  } as Plugin;
}

function translated<T>(value: T, texts: Texts, read = false): T {
  if (typeof value === 'string') return (read ? (texts[value] ?? value) : value) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => translated(one, texts)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => {
    if (LABELS.has(key) && typeof one === 'object' && one !== null) {
      return [key, Object.fromEntries(Object.entries(one).map(([name, label]) => [name, translated(label, texts, true)]))];
    }
    return [key, translated(one, texts, READ.has(key))];
  });
  return Object.fromEntries(entries) as T;
}

/** Locale and what records are called in it → how many of them there are. */
const counts = new Map<string, IntlMessageFormat>();

function learn(title: string, texts: Texts): void {
  const { locale } = reader();
  const own = texts[title] ?? title;
  learnTitle(locale, title, own);
  const message = texts[`{count} ${title}`];
  if (message !== undefined) counts.set(`${locale} ${own}`, new IntlMessageFormat(message, locale));
}

/** `1 Kontakt`, where a plugin says in the reader's language how its records are counted. */
export function counted(title: string, count: number): string | undefined {
  return counts.get(`${reader().locale} ${title}`)?.format({ count }) as string | undefined;
}
