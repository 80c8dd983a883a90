import { action, definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ externalId: '1', label: 'One' }),
  actions: {
    refund: action({
      title: 'Refund',
      input: {
        type: 'object',
        required: ['payment'],
        properties: {
          payment: { type: 'string', title: 'Payment', 'x-record': 'payments' },
        },
      },
      run: async () => ({ data: {} }),
    }),
  },
});
