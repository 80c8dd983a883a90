import { Rejected } from '../sdk/errors.ts';
import type { EndpointChange } from './endpoint-store.ts';
import { EVENT_KINDS, type EventKind } from './occurrence-store.ts';

/** @throws Rejected with `/url` for what cannot be called */
export function checkedUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const wrong = refusalOf(url, value);
  if (url && !wrong) return url.href;
  const message = wrong ?? 'This is no web address.';
  throw new Rejected(message, { fields: [{ pointer: '/url', message }] });
}

function refusalOf(url: URL | undefined, value: string): string | undefined {
  if (!url) return 'This is no web address; write one such as https://example.com/webhooks.';
  if (url.protocol !== 'https:') return 'Use an address that begins with https://.';
  if (url.username || url.password) return 'Leave name and password out of the address; calls are signed instead.';
  return value.length > 2000 ? 'Use an address of at most 2000 characters.' : undefined;
}

/** @throws Rejected with `/events` where there is none */
export function checkedKinds(kinds: readonly EventKind[]): EventKind[] {
  const chosen = EVENT_KINDS.filter((kind) => kinds.includes(kind));
  if (chosen.length > 0) return chosen;
  const message = 'Choose at least one event.';
  throw new Rejected(message, { fields: [{ pointer: '/events', message }] });
}

/** For the audit log, where nothing is ever taken out again: the path of an address is often as good as a password. */
export function auditDetail({ url, ...change }: EndpointChange): Record<string, unknown> {
  return { ...change, ...(url !== undefined && { url: `${new URL(url).origin}/…` }) };
}
