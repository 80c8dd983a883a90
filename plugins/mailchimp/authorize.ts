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
  if (!own || own === serverPrefix.toLowerCase()) return apiKey;
  throw new Rejected(`This API key belongs to the server ${own}, but the server prefix says ${serverPrefix}.`, {
    code: 'INVALID_CREDENTIALS',
    fields: [
      {
        pointer: '/fields/serverPrefix',
        message: `The key belongs to the server ${own}: leave this empty, or use a key of ${serverPrefix}.`,
      },
    ],
  });
}
