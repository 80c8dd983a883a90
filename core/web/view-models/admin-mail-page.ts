import type { MailRow, MailState } from '../../mail/mail-store.ts';
import type { PostMode } from '../../mail/post.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';

export interface AdminMailRow {
  readonly recipient: string;
  readonly subject: string;
  readonly state: string;
  readonly icon: string;
  readonly tone: string;
  readonly at: Date;
  readonly reason: string | null;
  readonly nextTryAt: Date | undefined;
  /** Where it is sent again, if what it says is still there. */
  readonly again: string | undefined;
}

export interface AdminMailPage {
  readonly mode: string;
  readonly off: boolean;
  readonly tabs: readonly { readonly href: string; readonly text: string; readonly count: number; readonly current: boolean }[];
  readonly mails: readonly AdminMailRow[];
  readonly email: string;
}

interface Input {
  readonly mode: PostMode;
  readonly state: MailState | undefined;
  readonly counts: Readonly<Record<MailState, number>>;
  readonly mails: readonly MailRow[];
  readonly email: string;
}

const SHOWN = { queued: ['wait', 'warn'], sent: ['check', 'good'], dead: ['alert', 'bad'] } as const;

/** What a mail says is never among it. */
export function adminMailPage({ mode, state, counts, mails, email }: Input): AdminMailPage {
  const states = ['queued', 'sent', 'dead'] as const;
  const all = { href: '/admin/mail', text: t('mail.all'), count: counts.queued + counts.sent + counts.dead, current: !state };
  return {
    mode: t(`mail.mode.${mode}`),
    off: mode === 'off',
    email,
    tabs: [
      all,
      ...states.map((one) => ({
        href: `/admin/mail?state=${one}`,
        text: t(`mail.state.${one}`),
        count: counts[one],
        current: one === state,
      })),
    ],
    mails: mails.map(row),
  };
}

function row({ id, recipient, subject, state, createdAt, reason, attempts, nextTryAt, kept }: MailRow): AdminMailRow {
  const [icon, tone] = SHOWN[state];
  return {
    recipient,
    subject,
    state: t(`mail.state.${state}`),
    icon,
    tone,
    at: createdAt,
    reason: saidIf(reason),
    nextTryAt: state === 'queued' && attempts > 0 ? nextTryAt : undefined,
    again: state === 'dead' && kept ? `/admin/mail/${id}/again` : undefined,
  };
}
