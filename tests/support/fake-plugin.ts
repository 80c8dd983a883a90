import type { RunnablePlugin } from '../../core/plugins/registry.ts';
import { action, type Handlers, type Manifest, NotFound, Rejected, TryLater } from '../../core/sdk/index.ts';

export const ACME = {
  sdk: 1,
  name: 'Acme',
  summary: 'Contacts of Acme.',
  category: 'CRM',
  docs: 'https://docs.acme.test',
  apiVersion: '1',
  baseUrl: 'https://api.acme.test/v1',
  auth: [
    {
      method: 'oauth',
      title: 'Sign in',
      guide: 'Sign in.',
      authorizeUrl: 'https://auth.acme.test/authorize',
      tokenUrl: 'https://auth.acme.test/token',
      scopes: [
        { name: 'contacts.read', reason: 'To copy your contacts.' },
        { name: 'tags.read', reason: 'To show tags.', optional: true },
      ],
      authorizeParams: { prompt: 'consent' },
      tokenParams: { user_type: 'Location' },
    },
    {
      method: 'manual',
      title: 'Key',
      guide: 'Copy the key.',
      fields: {
        type: 'object',
        properties: {
          key: {
            type: 'string',
            title: 'Key',
            'x-secret': true,
            pattern: '^key-.{5,}$',
            'x-pattern-message': 'begins with key-',
          },
          region: { type: 'string', title: 'Region', default: 'eu' },
        },
        required: ['key'],
      },
      headers: { Authorization: 'Bearer {key}' },
    },
  ],
  config: {
    type: 'object',
    properties: {
      list: { type: 'string', title: 'List', default: 'main', 'x-options': 'lists' },
      tags: { type: 'array', title: 'Tags', items: { type: 'string' } },
      signingKey: { type: 'string', title: 'Signing key', 'x-secret': true, minLength: 8 },
    },
  },
} as const satisfies Manifest;

interface Config {
  readonly list?: string;
  readonly signingKey?: string;
}

/** Fresh handlers: a test replaces those it wants to behave otherwise. */
export function acmeHandlers(): { -readonly [K in keyof Handlers<Config>]: Handlers<Config>[K] } {
  return {
    async identify({ http }) {
      const { data } = await http.get<{ id: string; name: string }>('/me');
      return { externalId: data.id, label: data.name };
    },
    async test({ http, account }) {
      const { data } = await http.get<{ contacts: number }>('/count');
      return { message: `Connected to ${account.label}, ${data.contacts} contacts.`, counts: { contacts: data.contacts } };
    },
    streams: { contacts: { title: 'Contacts', mode: 'full' } },
    options: {
      lists: async ({ config }, draft) => [
        { value: 'main', label: `Main (${config.list})` },
        { value: String(draft['list'] ?? 'other'), label: 'Draft' },
      ],
    },
    actions: {
      addContact: action({
        title: 'Add a contact',
        input: { type: 'object', properties: { name: { type: 'string', title: 'Name' } }, required: ['name'] },
        async run(_ctx, { name }) {
          if (name === 'nobody') throw new NotFound('Acme has no such contact; choose another.');
          if (name === 'later') throw new TryLater('Acme is busy; try again.');
          if (name === 'bad') throw new Rejected('Acme refused the name.');
          const items = [{ id: `c-${name}`, data: { name } }];
          return { data: { id: `c-${name}` }, effects: [{ kind: 'records', stream: 'contacts', items }] };
        },
      }),
    },
    explain(reply) {
      const { message } = (reply.data ?? {}) as { message?: string };
      return message === 'Location is not active'
        ? new TryLater('Acme has suspended this location; trying again later.')
        : undefined;
    },
  };
}

export function acmePlugin(handlers: Handlers<never> = acmeHandlers(), manifest: Manifest = ACME): RunnablePlugin {
  return {
    id: 'acme',
    dir: '/plugins/acme',
    hash: 'a'.repeat(64),
    generation: 1,
    plugin: { manifest, handlers: handlers as unknown as Handlers },
    icon: undefined,
    sandbox: undefined,
    loadedAt: new Date(),
  };
}
