import { createHmac } from 'node:crypto';
import { action, definePlugin, hmac, NotFound } from 'patchbay';
import { manifest } from './manifest.ts';
import { things } from './things.ts';

export default definePlugin(manifest, {
  async identify({ http }) {
    const { data } = await http.get<{ id: string; name: string }>('/me');
    return { externalId: data.id, label: data.name };
  },
  streams: { things: { title: 'Things', sync: things } },
  options: { lists: async () => [{ value: 'a', label: 'List A' }] },
  actions: {
    fail: action({
      title: 'Fail',
      input: { type: 'object', properties: {} },
      async run() {
        throw new NotFound(`No thing ${createHmac('sha256', 'a').digest('hex').length}.`);
      },
    }),
  },
  webhook: {
    scope: 'app',
    retryStatus: 503,
    verify: (req, keys) => hmac('sha256', keys.app['webhookSecret'], req.raw, req.headers['x-acme-signature']),
    events(req) {
      const body = JSON.parse(Buffer.from(req.raw).toString()) as { id: string; type: string };
      return [{ id: body.id, type: body.type, data: body }];
    },
  },
});
