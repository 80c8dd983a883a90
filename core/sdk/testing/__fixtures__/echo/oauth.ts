import { type Auth, definePlugin, defineSandbox, type Plugin, type SandboxRequest } from 'patchbay';
import { echoPlugin } from './echo.ts';

/** Mistakes of a simulator's OAuth endpoints; the suite has to notice each. */
export interface OAuthMistakes {
  readonly exchangesAnything?: true;
  readonly exchangesForNothing?: true;
  readonly forgetsToRevoke?: true;
  readonly renewsAnything?: true;
}

const APP = { clientId: 'echo-app', clientSecret: 'echo-secret' };
const OAUTH: Auth = {
  method: 'oauth',
  title: 'Sign in',
  guide: 'Press the button.',
  authorizeUrl: 'https://api.echo.example/authorize',
  tokenUrl: 'https://api.echo.example/token',
  revokeUrl: 'https://api.echo.example/revoke',
  exchange: { grantType: 'long', tokenParam: 'short', method: 'GET' },
  scopes: [],
};

/** The echo plugin by OAuth, with a proof in the query, and nothing but the connection. */
export function oauthPlugin(): Plugin {
  const { manifest, handlers } = echoPlugin();
  if (manifest.comingSoon || !handlers) throw new Error('The echo plugin is there.');
  const fields = { clientId: { type: 'string', title: 'Client ID' }, clientSecret: { type: 'string', title: 'Secret', 'x-secret': true } } as const;
  const { identify } = handlers;
  return definePlugin(
    { ...manifest, auth: [OAUTH], app: { type: 'object', properties: fields } },
    { identify, authorize: ({ secrets, app }) => ({ query: { token: secrets['accessToken'] ?? '', proof: app['clientSecret'] ?? '' } }) },
  );
}

export function oauthSandbox(mistakes: OAuthMistakes = {}) {
  return defineSandbox({
    hosts: ['api.echo.example'],
    app: APP,
    demo: { oauth: { accessToken: 'short-1', refreshToken: 'again-1', grant: { room: 'hall' } } },
    create: () => {
      const access = new Set(['short-1']);
      const refresh = new Set(['again-1']);
      const give = (token: string) => {
        access.add(token);
        return { status: 200, body: { access_token: token } };
      };
      const token = (asked: URLSearchParams) => {
        if (asked.get('client_secret') !== APP.clientSecret) return { status: 401, body: { error: 'invalid_client' } };
        if (asked.get('grant_type') === 'long') {
          if (mistakes.exchangesForNothing) return { status: 200, body: {} };
          const known = access.has(asked.get('short') ?? '') || mistakes.exchangesAnything;
          return known ? give('long-1') : { status: 400, body: { error: 'invalid_grant' } };
        }
        const known = refresh.has(asked.get('refresh_token') ?? '') || mistakes.renewsAnything;
        return known ? give('short-2') : { status: 400, body: { error: 'invalid_grant' } };
      };
      return {
        async handle({ path, query, body }: SandboxRequest) {
          if (path === '/token') return token(new URLSearchParams([...query, ...new URLSearchParams(body)]));
          if (path === '/revoke') {
            if (!mistakes.forgetsToRevoke) for (const held of [access, refresh]) held.clear();
            return { status: 200 };
          }
          const proven = access.has(query.get('token') ?? '') && query.get('proof') === APP.clientSecret;
          return proven ? { status: 200, body: { name: `Room ${query.get('room')}` } } : { status: 401, body: {} };
        },
        panel: () => ({ credentials: {}, facts: {}, log: [] }),
        commands: {},
      };
    },
  });
}
