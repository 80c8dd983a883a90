import type { ListedEntry } from '../../access/audit-list-store.ts';
import { list, plural, words } from '../words.ts';

type Told = Pick<ListedEntry, 'actor' | 'action' | 'target' | 'targetName' | 'detail'>;
type Detail = Readonly<Record<string, unknown>>;

/** What was done, behind who did it; `%` stands for what it was done to. */
const PHRASES: Readonly<Record<string, string | ((detail: Detail) => string)>> = {
  'api-key.create': (detail) => `made the API key ${named(detail, 'name')}`,
  'api-key.revoke': 'revoked the API key %',
  'audit.export': 'downloaded the audit log',
  'credential.read': (detail) => `opened the credential of % to ${purpose(detail)}`,
  'credential.refresh': 'renewed the token of %',
  'credential.renew': 'had the token of % renewed',
  'credential.use': (detail) =>
    `opened the credential of % ${plural(Number(detail['count'] ?? 0), 'time')} within an hour, for ${list(Object.keys(record(detail['purposes'])))}`,
  'event.check': 'had kept messages checked',
  'event.hand-over': 'handed messages over to %',
  'event.replay': 'had messages handled again',
  'hub.setup': 'set up this site',
  'integration.action': (detail) => `did “${words(text(detail, 'action'))}” with %`,
  'integration.bulk': (detail) =>
    `asked for “${words(text(detail, 'action'))}” with ${plural(Number(detail['integrations'] ?? 0), 'integration')}`,
  'integration.change': 'changed %',
  'integration.configure': (detail) => `changed the settings of %${fields(detail)}`,
  'integration.connect': 'connected %',
  'integration.connect-begin': 'began to connect an account',
  'integration.disconnect': 'disconnected %',
  'integration.mended': 'found % working again',
  'integration.needs-reconnect': 'said that % has to be connected again',
  'integration.needs-settings': 'said that the settings of % are no longer right',
  'integration.reconnect': 'connected % again',
  'integration.reminder': 'asked for % to be connected again',
  'integration.remove': 'took % off the list',
  'integration.status': 'changed the state of %',
  'records.delete': (detail) => `deleted ${plural(Number(detail['records'] ?? 0), 'record')} of %`,
  'retention.drop': (detail) => `removed what was kept for long enough: ${counted(detail)}`,
  'store.delete': (detail) => `deleted the store ${named(detail, 'name')}`,
  'store.delete-begin': (detail) => `asked for the store ${named(detail, 'name')} to be deleted`,
  'store.export': 'asked for all data of the store',
  'store.export-cancel': 'cancelled an export of the store',
  'store.export-download': 'downloaded all data of the store',
  'store.retention': 'changed how long data is kept',
  'user.create': 'made a user',
  'user.login': 'signed in',
};

/** `ana@example.com connected Stripe.` An action that is not known here is said as it is written. */
export function entrySays(entry: Told): string {
  const phrase = Object.hasOwn(PHRASES, entry.action) ? PHRASES[entry.action] : undefined;
  const [kind = '', verb = ''] = entry.action.split('.');
  const unknown = [`${words(kind).toLowerCase()}:`, words(verb).toLowerCase(), entry.targetName && '(%)']
    .filter(Boolean)
    .join(' ');
  const said = typeof phrase === 'function' ? phrase(entry.detail) : (phrase ?? unknown);
  return `${who(entry.actor)} ${said.replace('%', () => entry.targetName ?? whatOf(entry))}.`;
}

function who(actor: string): string {
  const key = /^(.+) \(api key .+\)$/.exec(actor);
  if (key) return `An API key of ${key[1]}`;
  const plugin = /^plugin:(.+)$/.exec(actor);
  if (plugin) return `The plugin ${plugin[1]}`;
  const NAMES: Readonly<Record<string, string>> = {
    system: 'The hub',
    bulk: 'The hub',
    cli: 'The command line',
    'connect-link': 'Somebody with a connect link',
  };
  return Object.hasOwn(NAMES, actor) ? (NAMES[actor] as string) : actor;
}

/** What it was done to, where that has no name any more. */
function whatOf({ action, detail }: Told): string {
  const known = text(detail, 'name') || text(detail, 'account') || text(detail, 'plugin');
  return known || (action.startsWith('api-key.') ? 'that is gone' : 'an integration that is gone');
}

function purpose(detail: Detail): string {
  const given = text(detail, 'purpose');
  return given === 'test' ? 'test it' : given === 'disconnect' ? 'end the connection' : given || 'use it';
}

function fields(detail: Detail): string {
  const changed = Array.isArray(detail['fields']) ? detail['fields'].map(String) : [];
  return changed.length > 0 ? ` (${list(changed.map(words))})` : '';
}

function counted(detail: Detail): string {
  return list(
    Object.entries(detail).map(
      ([kind, count]) => `${plural(Number(count), words(kind).toLowerCase(), words(kind).toLowerCase())}`,
    ),
  );
}

function named(detail: Detail, name: string): string {
  return `“${text(detail, name)}”`;
}

function text(detail: Detail, name: string): string {
  const value = detail[name];
  return typeof value === 'string' ? value : '';
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
