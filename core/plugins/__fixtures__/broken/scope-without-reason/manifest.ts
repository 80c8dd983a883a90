import type { Manifest } from 'patchbay';

export const manifest = {
  sdk: 1,
  name: 'Reason',
  summary: 'A plugin of the tests.',
  category: 'CRM',
  docs: 'https://acme.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.acme.example',
  auth: [
    {
      method: 'oauth',
      title: 'Connect',
      guide: 'Press the button.',
      authorizeUrl: 'https://acme.example/authorize',
      tokenUrl: 'https://acme.example/token',
      scopes: [
        { name: 'read', reason: 'To show your things on the card.' },
        { name: 'write' },
      ],
    },
  ],
  config: { type: 'object', properties: {} },
} as const satisfies Manifest;
