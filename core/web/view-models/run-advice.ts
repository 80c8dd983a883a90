import type { ErrorCode } from '../../sdk/index.ts';
import type { Run } from '../../syncs/syncs.ts';

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

const SYSTEM_FAULT =
  'This is not your doing. It is tried again at the next scheduled time. If it stays, tell whoever runs this site.';

export function adviceFor({ run, freshAt, provider, href, canManage }: AdviceInput): Advice | undefined {
  if (!['partial', 'failed'].includes(run.status)) return undefined;
  // Records that failed are not read again by a later one that reads what has changed.
  if (freshAt && freshAt > run.queuedAt && run.failed === 0)
    return { text: 'A later sync brought everything; there is nothing to do.', link: undefined };
  if (run.status === 'partial') return partial(run, provider);
  const said = (text: string, link?: Advice['link']): Advice => ({ text, link: canManage ? link : undefined });
  switch (run.errorCode as ErrorCode | undefined) {
    case 'RECONNECT_NEEDED':
    case 'INVALID_CREDENTIALS':
      return said(`Connect ${provider} again; the next sync goes on where this one stopped.`, {
        href: `${href}/reconnect`,
        text: 'Reconnect',
      });
    case 'CONFIG_SCHEMA_INVALID':
    case 'VALIDATION_FAILED':
      return said('Look through the settings and save them; then sync again.', {
        href: `${href}/configure`,
        text: 'Configure',
      });
    case 'FORBIDDEN':
      return said(`Give the connection the permission it lacks at ${provider}, or reconnect and allow it there.`, {
        href: `${href}/reconnect`,
        text: 'Reconnect',
      });
    case 'INTEGRATION_NOT_ACTIVE':
      return said('Resume or reconnect the integration; then sync again.', { href, text: 'Open the integration' });
    case 'RATE_LIMIT_EXCEEDED':
      return said(`${provider} allows no more calls for now. Sync again later, or let the schedule do it.`);
    case 'CONNECTION_FAILED':
      return said(`${provider} did not answer as it should. Sync again, or let the schedule do it; nothing is lost.`);
    case 'NOT_FOUND':
      return said(`Look whether what is synced still exists at ${provider}, and choose again in the settings.`, {
        href: `${href}/configure`,
        text: 'Configure',
      });
    default:
      return said(SYSTEM_FAULT);
  }
}

function partial({ failed, heldBack }: AdviceInput['run'], provider: string): Advice | undefined {
  if (failed > 0) {
    const text = `The records that failed stay here as they were. Mend them at ${provider} and sync again; all others are up to date.`;
    return { text, link: undefined };
  }
  if (heldBack === 0) return undefined;
  return { text: `Look at ${provider} whether they are really gone before you remove them here.`, link: undefined };
}
