import { type FakeAnswer, FakeOAuthProvider } from '../fake-oauth-provider.ts';

/** A provider that repeats what it was shown in everything it says, in answers as in errors. */
export async function tellingProvider(): Promise<FakeOAuthProvider> {
  const provider = await new FakeOAuthProvider().start();
  provider.onApi = (path) => answer(provider, path);
  return provider;
}

function answer(provider: FakeOAuthProvider, path: string): FakeAnswer | undefined {
  const call = provider.seen.at(-1);
  const token = (call?.authorization ?? '').replace(/^Bearer /, '');
  const id = provider.access.get(token);
  if (id === undefined) return { status: 401, body: { message: `The key ${token} is not known`, token } };
  const repeated = { repeated: token, headers: call?.headers, deeper: { list: [{ authorization: call?.authorization }] } };
  switch (path) {
    case '/api/v1/me':
      return { status: 200, body: { id, name: provider.accounts.get(id)?.name, ...repeated } };
    case '/api/v1/shown':
      return { status: 200, body: { reversed: [...token].reverse().join('') } };
    case '/api/v1/echo':
      return { status: 200, body: repeated };
    case '/api/v1/refused':
      return {
        status: 422,
        body: { message: `Your request with Authorization: ${call?.authorization} was not right`, ...repeated },
      };
    case '/api/v1/broken':
      return { status: 500, body: `GET ${path} ${token}`, headers: { 'content-type': 'text/plain' } };
    default:
      return undefined;
  }
}

/** What a token endpoint says that quotes the request it refuses. */
export function quotingRefusal(params: Readonly<Record<string, string>>): FakeAnswer {
  const request = new URLSearchParams(params).toString();
  return {
    status: 400,
    body: { error: 'invalid_request', error_description: `${'-'.repeat(150)}${request} ${JSON.stringify(params)}` },
  };
}
