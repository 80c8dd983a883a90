import type { Form } from 'patchbay';

export const keyFields = {
  type: 'object',
  properties: {
    apiKey: {
      type: 'string',
      title: 'API key',
      description: 'Account & billing > Extras > API keys. Shown in full only once.',
      pattern: '^[0-9A-Za-z]{32}(-[A-Za-z]{2,4}[0-9]{1,4})?$',
      'x-pattern-message': 'must be 32 letters and digits, a dash, and the server prefix (…-us19); copy all of it',
      'x-placeholder': '0123456789abcdef0123456789abcdef-us19',
      'x-secret': true,
    },
    serverPrefix: {
      type: 'string',
      title: 'Server prefix',
      description: 'Leave it empty: it is the end of the key. Only a key that does not end in one needs it.',
      pattern: '^[a-z]{2,4}[0-9]{1,4}$',
      'x-pattern-message': 'must be letters and digits such as us19',
      'x-placeholder': 'us19',
      'x-end-of': 'apiKey',
    },
  },
  required: ['apiKey'],
} as const satisfies Form;

export const appForm = {
  type: 'object',
  properties: {
    clientId: {
      type: 'string',
      title: 'Client ID',
      description: 'Of your app in Mailchimp: Account & billing > Extras > Registered apps.',
      minLength: 1,
    },
    clientSecret: {
      type: 'string',
      title: 'Client secret',
      description: 'Shown once when the app is registered.',
      minLength: 1,
      'x-secret': true,
    },
  },
  required: ['clientId', 'clientSecret'],
} as const satisfies Form;
