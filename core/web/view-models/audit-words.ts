import type { ListedEntry } from '../../access/audit-list-store.ts';
import type { Template } from '../../plugins/registry.ts';
import { list, number, words } from '../words/format.ts';
import { t, tIfThere } from '../words/texts.ts';

type Told = Pick<ListedEntry, 'actor' | 'action' | 'target' | 'targetName' | 'detail'>;
type Detail = Readonly<Record<string, unknown>>;

/**
 * `ana@example.com connected Stripe.` An action that is not known here is said as it is written.
 * @param template of the plugin that did it, or that it was done with, where it is known
 */
export function entrySays(entry: Told, template?: Pick<Template, 'name' | 'loaded'>): string {
  const { detail } = entry;
  const values = {
    who: who(entry.actor, template?.name),
    what: entry.targetName ?? whatOf(entry),
    plugin: template?.name ?? text(detail, 'plugin'),
    name: t('audit.name', { name: text(detail, 'name') }),
    email: text(detail, 'email') || (entry.targetName ?? ''),
    role: tIfThere(`people.role.${text(detail, 'role')}`) ?? text(detail, 'role'),
    action: actionTitle(text(detail, 'action'), template),
    purpose: purpose(detail),
    purposes: list(Object.keys(record(detail['purposes']))),
    count: Number(detail['count'] ?? detail['integrations'] ?? detail['records'] ?? 0),
    fields: fields(detail),
    counted: counted(detail),
    done: done(detail),
    passed: detail['passed'] === false ? 'no' : 'yes',
  };
  return tIfThere(`audit.says.${entry.action}`, values) ?? t('audit.says.unknown', { ...values, action: unknown(entry) });
}

function actionTitle(action: string, template: Pick<Template, 'loaded'> | undefined): string {
  const actions = template?.loaded?.plugin.handlers?.actions ?? {};
  return (Object.hasOwn(actions, action) ? actions[action]?.title : undefined) ?? words(action);
}

function unknown({ action, targetName }: Told): string {
  const [kind = '', verb = ''] = action.split('.');
  return [`${words(kind).toLowerCase()}:`, words(verb).toLowerCase(), targetName && `(${targetName})`].filter(Boolean).join(' ');
}

function who(actor: string, pluginName: string | undefined): string {
  const key = /^(.+) \(api key .+\)$/.exec(actor);
  if (key) return t('audit.who.key', { who: key[1] });
  const plugin = /^plugin:(.+)$/.exec(actor);
  if (plugin) return pluginName ?? t('audit.who.plugin', { plugin: plugin[1] });
  return tIfThere(`audit.who.${actor}`) ?? actor;
}

/** What it was done to, where that has no name any more. */
function whatOf({ action, detail }: Told): string {
  const known = text(detail, 'name') || text(detail, 'account') || text(detail, 'plugin');
  const isKey = action.startsWith('api-key.');
  return known || t(isKey ? 'audit.keyGone' : 'audit.gone');
}

/** To pause and to resume are changes with a name of their own. */
function done({ enabled, ...others }: Detail): 'paused' | 'resumed' | 'changed' {
  if (typeof enabled !== 'boolean' || Object.keys(others).length > 0) return 'changed';
  return enabled ? 'resumed' : 'paused';
}

function purpose(detail: Detail): string {
  const given = text(detail, 'purpose') || 'use';
  return tIfThere(`audit.purpose.${given}`) ?? given;
}

function fields(detail: Detail): string {
  const changed = Array.isArray(detail['fields']) ? detail['fields'].map(String) : [];
  return changed.length > 0 ? ` (${list(changed.map(words))})` : '';
}

function counted(detail: Detail): string {
  return list(Object.entries(detail).map(([kind, count]) => `${number(Number(count))} ${words(kind).toLowerCase()}`));
}

function text(detail: Detail, name: string): string {
  const value = detail[name];
  return typeof value === 'string' ? value : '';
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
