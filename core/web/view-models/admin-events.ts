import type { Silent, Stranded, Top, Unchecked, Unclaimed } from '../../inbox/desk-store.ts';
import type { AllUnsorted, UnreadableMessages } from '../../inbox/spool-figures-store.ts';
import type { IconName } from '../icons.ts';
import { list } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { eventWords, faceOf } from './event-view.ts';

export interface AdminEventsPage {
  readonly unsorted: UnsortedView | undefined;
  readonly unreadable: readonly UnreadableView[];
  readonly unclaimed: readonly UnclaimedView[];
  readonly unchecked: readonly UncheckedView[];
  readonly stranded: readonly StrandedView[];
  readonly silent: readonly SilentView[];
  /** How many each list leaves out. */
  readonly more: Readonly<Record<'unreadable' | 'unclaimed' | 'stranded' | 'silent', number>>;
}

interface Row {
  readonly plugin: string;
  readonly pluginId: string;
  /** `12 messages` */
  readonly count: string;
}

/** What came faster than it is sorted into the lists. */
interface UnsortedView {
  readonly count: string;
  /** Null where all of it stands behind what cannot be read. */
  readonly since: Date | null;
}

interface UnreadableView extends Row {
  readonly whose: string;
  readonly oldest: Date;
  readonly problem: string;
}

export interface UnclaimedView extends Row {
  readonly account: string | null;
  readonly oldest: Date;
  readonly latest: Date;
  readonly types: string;
  readonly why: string;
  /** Whom they can be handed over to. */
  readonly to: string | undefined;
}

export interface UncheckedView extends Row {
  readonly oldest: Date;
  readonly why: string;
  readonly canCheck: boolean;
}

export interface StrandedView extends Row {
  readonly tone: string;
  readonly icon: IconName;
  readonly state: string;
  /** As the form posts it. */
  readonly key: string;
  readonly whose: string;
  readonly storeId: string;
  readonly integrationId: string;
  readonly reason: string | null;
  readonly latest: Date;
}

export interface SilentView {
  readonly plugin: string;
  readonly whose: string;
  readonly since: Date;
}

export interface AdminEventsInput {
  readonly unsorted: AllUnsorted;
  readonly unreadable: Top<UnreadableMessages>;
  readonly unclaimed: Top<Unclaimed>;
  readonly unchecked: readonly Unchecked[];
  readonly stranded: Top<Stranded>;
  readonly silent: Top<Silent>;
  readonly nameOf: (pluginId: string) => string;
  /** Is the plugin loaded? */
  readonly isHere: (pluginId: string) => boolean;
}

export function adminEvents({ nameOf, isHere, ...found }: AdminEventsInput): AdminEventsPage {
  const { unsorted, unreadable, unclaimed, unchecked, stranded, silent } = found;
  const row = ({ pluginId, count }: { pluginId: string; count: number }): Row => ({
    plugin: nameOf(pluginId),
    pluginId,
    count: t('words.messages', { count }),
  });
  const { count, since, isEstimate } = unsorted;
  const messages = t('words.messages', { count });
  return {
    unsorted: count > 0 ? { count: isEstimate ? t('tray.about', { messages }) : messages, since } : undefined,
    unreadable: unreadable.rows.map((one) => ({ ...one, ...row(one), whose: whoseOf(one), problem: said(one.problem) })),
    unclaimed: unclaimed.rows.map((one) => ({ ...one, ...row(one), ...claimWords(one) })),
    unchecked: unchecked.map((one) => ({
      ...row(one),
      oldest: one.oldest,
      why: isHere(one.pluginId) ? t('tray.why.missed') : t('tray.why.away'),
      canCheck: isHere(one.pluginId),
    })),
    stranded: stranded.rows.map((one) => ({ ...one, ...row(one), ...faceOf(one.state), key: one.state, whose: whoseOf(one) })),
    silent: silent.rows.map((one) => ({ plugin: nameOf(one.pluginId), whose: whoseOf(one), since: one.lastEventAt })),
    more: { unreadable: unreadable.more, unclaimed: unclaimed.more, stranded: stranded.more, silent: silent.more },
  };
}

function claimWords({ account, store, integration, types }: Unclaimed): Pick<UnclaimedView, 'why' | 'to' | 'types'> {
  const told = list(types.map(eventWords));
  if (account === null) return { types: told, to: undefined, why: t('tray.why.noAccount') };
  if (store === null || integration === null) {
    return {
      types: told,
      to: undefined,
      why: t('tray.why.nobody', { account }),
    };
  }
  const to = t('tray.integrationOf', { integration, store });
  return {
    types: told,
    to,
    why: t('tray.why.before', { to, account }),
  };
}

function whoseOf({ integration, store }: Pick<Stranded, 'integration' | 'store'>): string {
  return `${integration} · ${store}`;
}
