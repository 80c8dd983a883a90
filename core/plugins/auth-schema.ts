import { closed, flag, https, type Schema, text, texts } from './schema-parts.ts';

const form = { $ref: 'form' };

const scope = closed(
  {
    name: text('give the scope as the provider writes it'),
    reason: text('say in words for the store owner why this scope is asked for', { minLength: 10 }),
    optional: flag('marks a scope the connection works without'),
  },
  ['name', 'reason'],
);
const way = {
  title: text('give the words on the button: "Connect with Acme"'),
  guide: text('write Markdown for the store owner, step by step'),
};
const exchange: Schema = {
  ...closed(
    {
      grantType: text('give the grant type of the second request'),
      tokenParam: text('name the parameter that carries the first token'),
      method: { enum: ['GET', 'POST'], description: 'leave it out for POST' },
    },
    ['grantType', 'tokenParam'],
  ),
  description: 'write { grantType, tokenParam }',
};
const renewal: Schema = {
  ...closed(
    {
      by: { const: 'owner', description: "write 'owner', or leave out the whole where a refresh token renews" },
      warnDays: { type: 'integer', minimum: 1, maximum: 365, description: 'give the days before the end, a whole number' },
    },
    ['by', 'warnDays'],
  ),
  description: "write { by: 'owner', warnDays }",
};
/** A way to connect by consent. */
export const OAUTH_SCHEMA: Schema = closed(
  {
    method: { const: 'oauth' },
    ...way,
    authorizeUrl: https('give the https address the browser is sent to'),
    tokenUrl: https('give the https address of the token endpoint'),
    scopes: { type: 'array', items: scope, description: 'list the scopes as { name, reason }' },
    scopesFrom: {
      ...closed({ field: text('name one of the `app` fields'), param: text('give the name of the parameter') }, [
        'field',
        'param',
      ]),
      description: 'write { field, param }',
    },
    scopeSeparator: { type: 'string', description: 'give the sign between two scopes' },
    pkce: { type: 'boolean', description: 'give true or false' },
    authorizeParams: texts('give texts by name'),
    tokenParams: texts('give texts by name'),
    clientAuth: { enum: ['body', 'basic'], description: 'leave it out for body' },
    exchange,
    renewal,
    revokeUrl: https('give the https address where a token is revoked'),
  },
  ['method', 'title', 'guide', 'authorizeUrl', 'tokenUrl', 'scopes'],
);
/** A way to connect by keys. */
export const KEYS_SCHEMA: Schema = closed(
  {
    method: { const: 'manual' },
    ...way,
    fields: form,
    headers: texts("give header texts by name: { Authorization: 'Bearer {token}' }"),
    unproven: text('say how the store owner sees that a key works that the provider does not check'),
  },
  ['method', 'title', 'guide', 'fields', 'headers'],
);
