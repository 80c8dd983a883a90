import type { Health } from '../../integrations/health.ts';
import type { IconName } from '../icons.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';

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
  if (status === 'disconnected') return check('idle', t('health.connection'), t('health.connection.none'));
  if (status === 'error') return check('bad', t('health.connection'), t('health.connection.bad'));
  return lastTestedAt
    ? check('good', t('health.connection'), t('health.connection.good'), lastTestedAt)
    : check('idle', t('health.connection'), t('health.connection.untested'));
}

function tokenCheck({ token, connection }: Shown): CheckView | undefined {
  if (!token || connection.status === 'disconnected') return undefined;
  if (connection.status === 'error' && !token.renewable) {
    return check('bad', t('health.permission'), t('health.permission.refused'));
  }
  if (token.state === 'ended' && !token.renewable) return check('bad', t('health.permission'), t('health.permission.ended'));
  if (token.failures > 2) return check('warn', t('health.permission'), t('health.permission.failing'));
  if (token.renewable) return check('good', t('health.permission'), t('health.permission.renewed'));
  return token.expiresAt
    ? check(token.state === 'good' ? 'good' : 'warn', t('health.permission'), t('health.permission.ends'), token.expiresAt)
    : check('good', t('health.permission'), t('health.permission.endless'));
}

function webhookCheck({ webhooks, connection }: Shown, unsubscribed: boolean): CheckView | undefined {
  if (!webhooks || connection.status === 'disconnected') return undefined;
  if (webhooks.dead > 0) {
    const text = t('health.changes.dead', { count: webhooks.dead });
    return check('bad', t('health.changes'), text);
  }
  if (webhooks.parked > 0) return check('warn', t('health.changes'), t('health.changes.parked', { count: webhooks.parked }));
  if (webhooks.silent) return check('warn', t('health.changes'), t('health.changes.silent'));
  if (unsubscribed && webhooks.lastEventAt)
    return check('idle', t('health.changes'), t('health.changes.last'), webhooks.lastEventAt);
  return webhooks.lastEventAt
    ? check('good', t('health.changes'), t('health.changes.good'), webhooks.lastEventAt)
    : check('idle', t('health.changes'), t('health.changes.none'));
}

function syncCheck({ syncs }: Shown): CheckView {
  if (syncs.lastFailure) {
    const failed = [t('health.syncs.failed'), saidIf(syncs.lastFailure.message)].filter(Boolean).join(' ');
    return check('bad', t('health.syncs'), failed, syncs.lastFailure.at);
  }
  if (syncs.successShare === null) return check('idle', t('health.syncs'), t('health.syncs.none'));
  const percent = Math.floor(syncs.successShare * 100);
  const text = t('health.syncs.share', { percent });
  return check(percent >= 90 ? 'good' : 'warn', t('health.syncs'), text);
}
