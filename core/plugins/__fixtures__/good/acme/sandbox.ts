import { createHmac } from 'node:crypto';
import { defineSandbox, Rejected } from 'patchbay';

const SECRET = 'demo-secret';

export default defineSandbox({
  hosts: ['api.acme.example', '*.dc.acme.example'],
  app: { webhookSecret: SECRET },
  create(env) {
    let state = (env.load() as { calls: number } | undefined) ?? { calls: 0 };
    return {
      async handle(req) {
        state = { calls: state.calls + 1 };
        env.save(state);
        if (req.path === '/crash') throw new TypeError('a bug in the simulator');
        if (req.path === '/nothing') return undefined as never;
        return { status: 200, body: { id: '1', name: 'One', calls: state.calls, at: env.urlOf(req.host) } };
      },
      panel: () => ({ credentials: { key: 'demo-key' }, facts: { calls: state.calls }, log: [] }),
      commands: {
        send: {
          title: 'Send a webhook',
          input: { type: 'object', required: ['type'], properties: { type: { type: 'string', title: 'Type' } } },
          async run({ type }) {
            const body = JSON.stringify({ id: 'evt-1', type });
            const signature = createHmac('sha256', SECRET).update(body).digest('hex');
            const status = await env.deliver('', { 'x-acme-signature': signature, 'content-type': 'application/json' }, body);
            return { message: `Sent, answered with ${status}.`, status };
          },
        },
        refuse: {
          title: 'Refuse',
          input: { type: 'object', properties: {} },
          async run() {
            throw new Rejected('Not like this.');
          },
        },
        crash: {
          title: 'Crash',
          input: { type: 'object', properties: {} },
          async run() {
            throw new TypeError('a bug in a command');
          },
        },
      },
    };
  },
});
