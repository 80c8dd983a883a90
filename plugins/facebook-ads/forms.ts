import type { Form } from 'patchbay';

export const keyFields = {
  type: 'object',
  properties: {
    adAccountId: {
      type: 'string',
      title: 'Ad account ID',
      description: 'In Ads Manager: the digits after act= in the address, or the list of accounts at the top left.',
      pattern: '^(act_)?[0-9]{5,20}$',
      'x-pattern-message': 'must be 5 to 20 digits, with or without act_ before them.',
      'x-placeholder': 'act_10101010101',
    },
    accessToken: {
      type: 'string',
      title: 'Access token',
      description: 'Business Settings > Users > System users > Generate token. Shown once when you make it.',
      pattern: '^EAA[A-Za-z0-9]+$',
      'x-pattern-message': 'must begin with EAA and hold letters and digits only; copy all of it.',
      'x-placeholder': 'EAA…',
      'x-secret': true,
    },
    appId: {
      type: 'string',
      title: 'App ID',
      description:
        'Of the app you chose when you made the token: App dashboard > App settings > Basic. Needed with the app secret only.',
      pattern: '^[0-9]{8,20}$',
      'x-pattern-message': 'must be 8 to 20 digits.',
    },
    appSecret: {
      type: 'string',
      title: 'App secret',
      description: 'On the same page. With it every call also proves that it comes from you; some apps insist on that.',
      pattern: '^[0-9a-f]{32}$',
      'x-pattern-message': 'must be 32 digits and letters from a to f.',
      'x-secret': true,
    },
  },
  required: ['adAccountId', 'accessToken'],
} as const satisfies Form;

export const appForm = {
  type: 'object',
  properties: {
    clientId: {
      type: 'string',
      title: 'App ID',
      description: 'Of your app at developers.facebook.com: App settings > Basic.',
      pattern: '^[0-9]{8,20}$',
      'x-pattern-message': 'must be 8 to 20 digits.',
    },
    clientSecret: {
      type: 'string',
      title: 'App secret',
      description: 'On the same page. It also signs the webhooks.',
      minLength: 1,
      'x-secret': true,
    },
    configId: {
      type: 'string',
      title: 'Login configuration ID',
      description:
        'Only with Facebook Login for Business: the configuration made in the app dashboard, which then decides what stores are asked for. Empty: the permissions are asked for by name.',
      pattern: '^[0-9]{5,20}$',
      'x-pattern-message': 'must be 5 to 20 digits.',
    },
    verifyToken: {
      type: 'string',
      title: 'Webhook verify token',
      description: 'Any long word you make up, and enter again when you register the webhook of the app.',
      minLength: 8,
      'x-secret': true,
    },
  },
  required: ['clientId', 'clientSecret'],
} as const satisfies Form;
