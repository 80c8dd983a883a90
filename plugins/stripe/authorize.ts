import { type Authorization, type Outgoing, Rejected } from 'patchbay';
import { KEY_PATTERN } from './forms.ts';

const pattern = new RegExp(KEY_PATTERN);

/** The key as a bearer token; one that cannot work is refused with the reason before it is sent anywhere. */
export function authorize({ secrets }: Outgoing): Authorization {
  const key = secrets['secretKey']?.trim() ?? '';
  const why = refusal(key);
  if (why) throw new Rejected(why, { code: 'INVALID_CREDENTIALS', fields: [{ pointer: '/fields/secretKey', message: why }] });
  return { headers: { Authorization: `Bearer ${key}` } };
}

function refusal(key: string): string | undefined {
  if (pattern.test(key)) return undefined;
  if (key.startsWith('pk_'))
    return 'This is a publishable key, which can read nothing. Use a restricted key (rk_) or a secret key (sk_).';
  if (key.startsWith('sk_org_')) {
    return 'This is the key of an organisation, which does not say which account is meant. Use a key of the account itself.';
  }
  if (key.startsWith('whsec_')) return 'This is the signing secret of a webhook, not an API key. It belongs into the settings.';
  return 'A key begins with rk_test_, rk_live_, sk_test_ or sk_live_ and has at least 16 letters and digits after it. Copy all of it.';
}
