import type { ErrorCode } from '../../sdk/index.ts';
import type { Run } from '../../syncs/syncs.ts';
import { t } from '../words/texts.ts';

/** What to do about a run that did not bring everything, in words, and where. */
export interface Advice {
  readonly text: string;
  readonly link: { readonly href: string; readonly text: string } | undefined;
}

export interface AdviceInput {
  readonly run: Pick<Run, 'status' | 'errorCode' | 'failed' | 'heldBack' | 'queuedAt'>;
  /** When the latest run of its stream that brought everything had begun. */
  readonly freshAt?: Date | undefined;
  /** The provider's name. */
  readonly provider: string;
  /** Of the integration's page. */
  readonly href: string;
  /** The viewer may reconnect and configure. */
  readonly canManage: boolean;
}

export function adviceFor({ run, freshAt, provider, href, canManage }: AdviceInput): Advice | undefined {
  if (!['partial', 'failed'].includes(run.status)) return undefined;
  // Records that failed are not read again by a later one that reads what has changed.
  if (freshAt && freshAt > run.queuedAt && run.failed === 0) return { text: t('runs.advice.later'), link: undefined };
  if (run.status === 'partial') return partial(run, provider);
  const said = (text: string, link?: Advice['link']): Advice => ({ text, link: canManage ? link : undefined });
  switch (run.errorCode as ErrorCode | undefined) {
    case 'RECONNECT_NEEDED':
    case 'INVALID_CREDENTIALS':
      return said(t('runs.advice.reconnect', { provider }), {
        href: `${href}/reconnect`,
        text: t('cards.reconnect'),
      });
    case 'CONFIG_SCHEMA_INVALID':
    case 'VALIDATION_FAILED':
      return said(t('runs.advice.settings'), {
        href: `${href}/configure`,
        text: t('cards.configure'),
      });
    case 'FORBIDDEN':
      return said(t('runs.advice.permission', { provider }), {
        href: `${href}/reconnect`,
        text: t('cards.reconnect'),
      });
    case 'INTEGRATION_NOT_ACTIVE':
      return said(t('runs.advice.resume'), { href, text: t('runs.advice.open') });
    case 'RATE_LIMIT_EXCEEDED':
      return said(t('runs.advice.limit', { provider }));
    case 'CONNECTION_FAILED':
      return said(t('runs.advice.failed', { provider }));
    case 'NOT_FOUND':
      return said(t('runs.advice.gone', { provider }), {
        href: `${href}/configure`,
        text: t('cards.configure'),
      });
    default:
      return said(t('runs.advice.ours'));
  }
}

function partial({ failed, heldBack }: AdviceInput['run'], provider: string): Advice | undefined {
  if (failed > 0) {
    const text = t('runs.advice.records', { provider });
    return { text, link: undefined };
  }
  if (heldBack === 0) return undefined;
  return { text: t('runs.advice.heldBack', { provider }), link: undefined };
}
