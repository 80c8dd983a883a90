import { createHmac, randomUUID } from 'node:crypto';
import { action, type Checkpoint, type Ctx, definePlugin, defineSandbox, hmac, type Manifest, type Page, Rejected, TryLater } from 'patchbay';

/** Mistakes an author may make; the suite has to notice each. */
export interface Mistakes {
  readonly acceptsAnything?: true;
  readonly ignoresBody?: true;
  readonly trustsAnyKey?: true;
  readonly trustsAnyAddress?: true;
  readonly stuckCheckpoint?: true;
  readonly losesOnResume?: true;
  readonly startsOver?: true;
  readonly swallowsErrors?: true;
  readonly bareSecret?: true;
  readonly foreignEffect?: true;
  readonly crashesOnGarbage?: true;
  readonly provesNothing?: true;
  readonly trustsAnswers?: true;
  readonly goesRound?: true;
  readonly idsByChance?: true;
  readonly keepsQuiet?: true;
  readonly unlikeModel?: true;
  readonly foreignAccount?: true;
  readonly subscribesBare?: true;
  readonly endsOnce?: true;
  readonly choosesNothing?: true;
}

const SECRET = 'demo-webhook-secret';
const KEY = 'key-1234567890';
const TOTAL = 7;

function manifestWith(mistakes: Mistakes) {
  const secret = mistakes.bareSecret ? {} : { 'x-secret': true as const };
  return {
    sdk: 1,
    name: 'Echo',
    summary: 'Says again what it was told.',
    category: 'Messaging',
    docs: 'https://echo.example/docs',
    apiVersion: '1',
    baseUrl: 'https://api.echo.example/v1',
    auth: [
      {
        method: 'manual',
        title: 'Key',
        guide: 'Copy the key.',
        fields: {
          type: 'object',
          required: ['apiKey', 'room'],
          properties: { apiKey: { type: 'string', title: 'Key', ...secret }, room: { type: 'string', title: 'Room' } },
        },
        headers: { Authorization: 'Bearer {apiKey}' },
      },
    ],
    config: { type: 'object', properties: { size: { type: 'integer', title: 'Page size', default: 3 } } },
    app: { type: 'object', properties: { webhookSecret: { type: 'string', title: 'Webhook secret', 'x-secret': true } } },
  } as const satisfies Manifest;
}

interface Listed {
  readonly words: readonly { readonly id: string }[];
}

export function echoPlugin(mistakes: Mistakes = {}) {
  return definePlugin(manifestWith(mistakes), {
    async identify({ http }, grant) {
      const room = String(grant['room']);
      try {
        const { data } = await http.get<{ name?: unknown } | null>('/room', { query: { room } });
        if (typeof data?.name !== 'string') throw new Rejected('Echo did not name the room.', { code: 'INVALID_CREDENTIALS' });
        return { externalId: room, label: data.name };
      } catch (error) {
        if (mistakes.swallowsErrors) return { externalId: room, label: 'Somewhere' };
        throw error;
      }
    },
    async test({ http, account }) {
      if (!mistakes.provesNothing) await http.get('/room', { query: { room: account.externalId } });
      return { message: 'Connected.' };
    },
    streams: {
      words: {
        title: 'Words',
        model: { kind: 'list', of: ({ id }) => (mistakes.unlikeModel ? { name: String(id), members: 1.5 } : { name: String(id) }) },
        mode: 'incremental',
        async *sync(ctx, from: Checkpoint | null): AsyncGenerator<Page, void> {
          const start = mistakes.startsOver ? 0 : Number(from?.['after'] ?? 0) + (mistakes.losesOnResume && from ? 1 : 0);
          const size = ctx.config.size ?? 3;
          for (let after = start; after < TOTAL; after += size) {
            const { data } = await ctx.http.get<Partial<Listed> | null>('/words', { query: { after, limit: size } });
            if (!Array.isArray(data?.words)) {
              if (mistakes.trustsAnswers) return;
              throw new TryLater('Echo answered without words.');
            }
            if (mistakes.goesRound && after > 0 && data.words[0]?.id === 'word-0') {
              after -= size;
              continue;
            }
            const reached: number = mistakes.stuckCheckpoint ? 0 : after + data.words.length;
            yield { items: data.words.map(({ id }) => ({ id, data: { id } })), checkpoint: { after: reached } };
          }
        },
      },
    },
    actions: {
      shout: action({
        title: 'Shout',
        input: { type: 'object', required: ['word'], properties: { word: { type: 'string', title: 'Word' }, answer: { type: 'string', title: 'Answer', 'x-options': 'answers' } } },
        async run(ctx: Ctx, { word }) {
          try {
            await ctx.http.post('/words', { json: { word } });
          } catch (error) {
            if (!mistakes.keepsQuiet) throw error;
          }
          return { data: { word } };
        },
      }),
    },
    options: {
      async answers({ http }, { word }) {
        if (typeof word !== 'string') return [];
        try {
          const { data } = await http.get<Listed>('/words', { query: { after: 0, limit: TOTAL } });
          return data.words.map(({ id }) => ({ value: id, label: `${word}, ${id}` }));
        } catch (error) {
          if (mistakes.choosesNothing) return [];
          throw error;
        }
      },
    },
    webhook: {
      scope: 'app',
      retryStatus: 503,
      verify(req, keys) {
        if (mistakes.acceptsAnything) return true;
        const signature = req.headers['x-echo-signature'];
        if (mistakes.ignoresBody) return signature !== undefined && signature.length === 64;
        if (mistakes.trustsAnyAddress && !URL.canParse(req.url)) return false;
        return hmac('sha256', keys.app['webhookSecret'] ?? (mistakes.trustsAnyKey ? SECRET : undefined), req.raw, signature);
      },
      events(req) {
        const body = mistakes.crashesOnGarbage ? JSON.parse(Buffer.from(req.raw).toString()) : parse(req.raw);
        return [{ id: mistakes.idsByChance ? randomUUID() : String(body['id']), type: String(body['type']), account: mistakes.foreignAccount ? 'elsewhere' : String(body['room']), data: body }];
      },
      async subscribe({ http }, url) {
        const { data } = await http.post<{ hook?: string }>('/hooks', { json: { url } });
        return { id: mistakes.subscribesBare ? '' : String(data.hook), accounts: ['balcony'] };
      },
      async unsubscribe({ http }, hook) {
        try {
          await http.delete(`/hooks/${hook}`);
        } catch (error) {
          if (mistakes.endsOnce) throw new Rejected('It has ended already.', { cause: error });
          throw error;
        }
      },
      onEvent: async (_, { id }) => [{ kind: 'records', stream: mistakes.foreignEffect ? 'songs' : 'words', items: [{ id, data: {} }] }],
    },
  });
}

function parse(raw: Uint8Array): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(Buffer.from(raw).toString());
    if (typeof body === 'object' && body !== null && typeof (body as { id?: unknown }).id === 'string') return { ...body };
  } catch (error) {
    throw new Rejected('This is not JSON.', { cause: error });
  }
  throw new Rejected('This is not a message of Echo.');
}

export const echoSandbox = defineSandbox({
  hosts: ['api.echo.example'],
  app: { webhookSecret: SECRET },
  create: (env) => {
    const hooks = new Set<string>();
    return {
    async handle({ method, path, query, headers }) {
      if (headers['authorization'] !== `Bearer ${KEY}`) return { status: 401, body: { message: 'Who are you?' } };
      if (path === '/v1/room') return { status: 200, body: { name: `Room ${query.get('room')}` } };
      if (method === 'POST' && path === '/v1/hooks') {
        const hook = `hook-${hooks.size + 1}`;
        hooks.add(hook);
        return { status: 201, body: { hook } };
      }
      if (method === 'DELETE') return { status: hooks.delete(path.replace('/v1/hooks/', '')) ? 204 : 404 };
      if (method === 'POST') return { status: 201 };
      const after = Number(query.get('after'));
      const ids = Array.from({ length: TOTAL }, (_, i) => ({ id: `word-${i}` }));
      return { status: 200, body: { words: ids.slice(after, after + Number(query.get('limit'))) } };
    },
    panel: () => ({ credentials: { apiKey: KEY, room: 'hall' }, facts: {}, log: [] }),
    commands: {
      say: {
        title: 'Say a word',
        input: { type: 'object', properties: {} },
        async run() {
          const body = JSON.stringify({ id: 'm1', type: 'said', room: 'balcony' });
          const signature = createHmac('sha256', SECRET).update(body).digest('hex');
          await env.deliver('', { 'X-Echo-Signature': signature }, body);
          return { message: 'Said.' };
        },
      },
    },
  };
  },
});

export const echoCredentials = { apiKey: KEY, room: 'hall' };

export const echoInputs = { shout: { word: 'hello' } };
