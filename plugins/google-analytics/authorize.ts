import type { Authorization, Outgoing } from 'patchbay';

/** Where events go: keys in the query, and never a token. */
export const COLLECT = { global: 'www.google-analytics.com', eu: 'region1.google-analytics.com' } as const;

const COLLECTING: readonly string[] = Object.values(COLLECT);

/** A token only for Google's APIs; measurement id and secret only for the collecting hosts. */
export function authorize({ method, host, secrets }: Outgoing): Authorization {
  if (COLLECTING.includes(host)) return method === 'manual' ? { query: sendingKeys(secrets) } : {};
  const { accessToken } = secrets;
  return method === 'oauth' && accessToken && host.endsWith('.googleapis.com')
    ? { headers: { Authorization: `Bearer ${accessToken}` } }
    : {};
}

function sendingKeys({ measurementId = '', apiSecret = '' }: Readonly<Record<string, string>>): Record<string, string> {
  return { measurement_id: measurementId, api_secret: apiSecret };
}
