import { type Authorization, type Outgoing, Rejected } from 'patchbay';

/**
 * The sign-in host has a scheme of its own. A wrong key and a wrong data centre are answered with the same 401, so a key
 * that names another one than the owner did is refused before any call.
 */
export function authorize({ method, host, secrets }: Outgoing): Authorization {
  if (method === 'manual') return { headers: { Authorization: `Bearer ${fittingKey(secrets)}` } };
  const scheme = host === 'login.mailchimp.com' ? 'OAuth' : 'Bearer';
  return { headers: { Authorization: `${scheme} ${secrets['accessToken'] ?? ''}` } };
}

function fittingKey({ apiKey = '', serverPrefix = '' }: Outgoing['secrets']): string {
  const own = /-([a-z]+\d+)$/i.exec(apiKey)?.[1]?.toLowerCase();
  if (own === serverPrefix.toLowerCase()) return apiKey;
  const message = own
    ? `This API key belongs to the server ${own}, but the server prefix says ${serverPrefix}.`
    : 'This API key does not end in a dash and a server prefix (…-us19). Copy all of it.';
  throw new Rejected(message, {
    code: 'INVALID_CREDENTIALS',
    fields: own
      ? [
          {
            pointer: '/fields/serverPrefix',
            message: `The key belongs to the server ${own}: write that, or use a key of ${serverPrefix}.`,
          },
        ]
      : [{ pointer: '/fields/apiKey', message: 'Copy the whole key, with what stands behind its dash.' }],
  });
}
