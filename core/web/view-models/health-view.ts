import type { Health } from '../../integrations/health.ts';
import type { IconName } from '../icons.ts';
import { plural } from '../words.ts';

/** One line of the health list. */
export interface CheckView {
  readonly tone: string;
  readonly icon: IconName;
  readonly label: string;
  readonly text: string;
  readonly at: Date | undefined;
}

type Tone = 'good' | 'warn' | 'bad' | 'idle';

const ICONS: Readonly<Record<Tone, IconName>> = { good: 'check', warn: 'alert', bad: 'fault', idle: 'wait' };

type Shown = Pick<Health, 'connection' | 'token' | 'webhooks' | 'syncs'>;

/**
 * How an integration is, part by part, in words.
 * @param unsubscribed the plugin could have us told of changes, and we did not arrange it: whether they arrive is not known
 */
export function healthChecks(health: Shown, unsubscribed = false): CheckView[] {
  return [connectionCheck(health), tokenCheck(health), webhookCheck(health, unsubscribed), syncCheck(health)].filter(
    (one) => one !== undefined,
  );
}

function check(tone: Tone, label: string, text: string, at?: Date | null): CheckView {
  return { tone, icon: ICONS[tone], label, text, at: at ?? undefined };
}

function connectionCheck({ connection }: Shown): CheckView {
  const { status, lastTestedAt } = connection;
  if (status === 'disconnected') return check('idle', 'Connection', 'There is none any more.');
  if (status === 'error') return check('bad', 'Connection', 'It does not work. Last tested', lastTestedAt);
  return lastTestedAt
    ? check('good', 'Connection', 'It works. Last tested', lastTestedAt)
    : check('idle', 'Connection', 'Not tested yet.');
}

function tokenCheck({ token, connection }: Shown): CheckView | undefined {
  if (!token || connection.status === 'disconnected') return undefined;
  if (connection.status === 'error' && !token.renewable) {
    return check('bad', 'Permission', 'It is no longer accepted. Reconnect to give it again.');
  }
  if (token.state === 'ended' && !token.renewable) return check('bad', 'Permission', 'It has ended. Reconnect to go on.');
  if (token.failures > 2) return check('warn', 'Permission', 'It could not be renewed lately. This is tried again by itself.');
  if (token.renewable) return check('good', 'Permission', 'It is renewed by itself.');
  return token.expiresAt
    ? check(token.state === 'good' ? 'good' : 'warn', 'Permission', 'It ends, and has to be given again,', token.expiresAt)
    : check('good', 'Permission', 'It does not end.');
}

function webhookCheck({ webhooks, connection }: Shown, unsubscribed: boolean): CheckView | undefined {
  if (!webhooks || connection.status === 'disconnected') return undefined;
  if (webhooks.dead > 0) {
    const text = `${plural(webhooks.dead, 'change')} could not be handled. You can have them handled again above.`;
    return check('bad', 'Changes', text);
  }
  if (webhooks.parked > 0) return check('warn', 'Changes', `${plural(webhooks.parked, 'change')} wait until it works again.`);
  if (webhooks.silent)
    return check('warn', 'Changes', 'Nothing has arrived for longer than usual. That may be right, if nothing changed there.');
  if (unsubscribed && webhooks.lastEventAt) return check('idle', 'Changes', 'The last one came', webhooks.lastEventAt);
  return webhooks.lastEventAt
    ? check('good', 'Changes', 'They arrive. The last one came', webhooks.lastEventAt)
    : check('idle', 'Changes', 'None has arrived yet.');
}

function syncCheck({ syncs }: Shown): CheckView {
  if (syncs.lastFailure) {
    const why = syncs.lastFailure.message ? ` ${syncs.lastFailure.message}` : '';
    return check('bad', 'Syncs', `The last one failed.${why}`, syncs.lastFailure.at);
  }
  if (syncs.successShare === null) return check('idle', 'Syncs', 'None has ended in the last 7 days.');
  const percent = Math.floor(syncs.successShare * 100);
  const text =
    percent === 100 ? 'All syncs of the last 7 days succeeded.' : `${percent} % of the syncs of the last 7 days succeeded.`;
  return check(percent >= 90 ? 'good' : 'warn', 'Syncs', text);
}
