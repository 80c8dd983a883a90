import type { PostMode } from '../../mail/post.ts';
import type { IconName } from '../icons.ts';
import { list, number } from '../words/format.ts';
import { t } from '../words/texts.ts';
import { lasting } from './dashboard-figures.ts';

/** One line of how the hub itself is. */
export interface SystemCheck {
  readonly tone: 'good' | 'warn' | 'bad' | 'idle';
  readonly icon: IconName;
  readonly label: string;
  readonly text: string;
}

export interface SystemInput {
  /** What is due and not begun, by queue. */
  readonly waiting: readonly { readonly queue: string; readonly count: number; readonly oldestSeconds: number }[];
  /** Accepted messages that this version cannot read. */
  readonly unreadable: number;
  /** Plugins whose provider fails for everybody. */
  readonly outages: readonly string[];
  readonly database: { readonly ms: number; readonly busy: number; readonly waiting: number; readonly where: string };
  readonly plugins: { readonly running: number; readonly troubled: number };
  readonly keys: string;
  readonly mail: { readonly mode: PostMode; readonly dead: number };
}

/** Behind by so many seconds is worth a look, and by so many is trouble. */
const LATE = { warn: 60, bad: 600 } as const;

const ICONS = { good: 'check', warn: 'alert', bad: 'fault', idle: 'wait' } as const;

/** Pure. */
export function systemHealth(input: SystemInput): SystemCheck[] {
  const { unreadable, outages, database, plugins, keys, mail } = input;
  return [
    queueCheck(input),
    ...(unreadable > 0 ? [check('bad', t('details.messages'), t('system.unreadable', { count: unreadable }))] : []),
    check(database.waiting > 0 ? 'warn' : 'good', t('admin.database'), t('system.database', { ...database })),
    plugins.troubled > 0
      ? check('warn', t('admin.plugins'), t('system.pluginsTroubled', { count: plugins.troubled }))
      : check('good', t('admin.plugins'), t('system.plugins', { count: plugins.running })),
    outages.length > 0
      ? check('warn', t('system.providers'), t('system.outages', { plugins: list(outages) }))
      : check('good', t('system.providers'), t('system.noOutage')),
    check('good', t('admin.keys'), keys),
    mailCheck(mail),
  ];
}

function queueCheck({ waiting }: Pick<SystemInput, 'waiting'>): SystemCheck {
  const due = waiting.filter(({ count }) => count > 0);
  const count = due.reduce((sum, one) => sum + one.count, 0);
  if (count === 0) return check('good', t('system.queue'), t('system.queueEmpty'));
  const oldest = Math.max(...due.map(({ oldestSeconds }) => oldestSeconds));
  const tone = oldest > LATE.bad ? 'bad' : oldest > LATE.warn ? 'warn' : 'good';
  const queues = list(due.map(({ queue, count: held }) => `${queue} ${number(held)}`));
  return check(tone, t('system.queue'), t('system.queueDue', { count, time: lasting(Math.max(oldest, 1)), queues }));
}

function mailCheck({ mode, dead }: SystemInput['mail']): SystemCheck {
  if (mode === 'files') return check('good', t('mail.title'), t('mail.mode.files'));
  if (mode === 'off') return check('warn', t('mail.title'), t('mail.overview.off'));
  return dead > 0
    ? check('bad', t('mail.title'), t('mail.overview.dead', { count: dead }))
    : check('good', t('mail.title'), t('system.mailOn'));
}

function check(tone: SystemCheck['tone'], label: string, text: string): SystemCheck {
  return { tone, icon: ICONS[tone], label, text };
}
