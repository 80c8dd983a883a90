import type { Manifest } from 'patchbay';

export const manifest = {
  sdk: 1,
  name: 'Stream',
  summary: 'A plugin of the tests.',
  category: 'CRM',
  docs: 'https://acme.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.acme.example',
  auth: [
    {
      method: 'manual',
      title: 'Key',
      guide: 'Copy the key.',
      fields: { type: 'object', required: ['key'], properties: { key: { type: 'string', title: 'Key', 'x-secret': true } } },
      headers: { Authorization: 'Bearer {key}' },
    },
  ],
  config: { type: 'object', properties: {} },
} as const satisfies Manifest;
