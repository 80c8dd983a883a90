import { createHmac } from 'node:crypto';
import { type Authorization, type Outgoing, Rejected } from 'patchbay';

/**
 * The token, and the proof that the caller also knows the secret of the app it was made with.
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
export function authorize({ method, path, secrets, app }: Outgoing): Authorization {
  const token = secrets['accessToken'] ?? '';
  const { id, secret } = method === 'oauth' ? { id: app['clientId'], secret: app['clientSecret'] } : ownApp(secrets);
  // Tells about the token itself, and is asked in the name of the app.
  if (path.endsWith('/debug_token')) return { query: { input_token: token, access_token: `${id ?? ''}|${secret ?? ''}` } };
  return {
    headers: { Authorization: `Bearer ${token}` },
    ...(secret && { query: { appsecret_proof: createHmac('sha256', secret).update(token).digest('hex') } }),
  };
}

/** @throws Rejected where one of the two is missing */
function ownApp(fields: Readonly<Record<string, string>>): { id: string | undefined; secret: string | undefined } {
  const { appId: id, appSecret: secret } = fields;
  if (Boolean(id) === Boolean(secret)) return { id, secret };
  const missing = id ? 'appSecret' : 'appId';
  const message = 'Give the App ID and the app secret together, or neither of them.';
  throw new Rejected(message, { code: 'INVALID_CREDENTIALS', fields: [{ pointer: `/fields/${missing}`, message }] });
}
