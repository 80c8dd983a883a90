import type { NewMail } from '../mail/mail.ts';
import type { AttentionItem } from '../mail/templates.ts';
import type { Words, WordsIn } from '../mail/words.ts';
import type { Recipient } from './choice-store.ts';
import type { Incident } from './incident-store.ts';
import { wordsOf } from './incident-words.ts';
import type { NoticeLinks } from './notice-links.ts';

export type Occasion = 'now' | 'daily' | 'reminder' | 'asked';

export interface ToTell {
  readonly recipient: Recipient;
  readonly incidents: readonly Incident[];
  readonly occasion: Occasion;
}

interface MailParts {
  readonly links: NoticeLinks;
  /** What people call a plugin. */
  readonly titleOf: (pluginId: string) => string;
  readonly wordsIn: WordsIn;
}

/** More than this nobody reads in a mail. */
const MOST = 20;

/** One mail for everything there is to say to one person about one store, in that person's language. */
export function noticeMail(parts: MailParts, { recipient, incidents, occasion }: ToTell): NewMail<'attention'> {
  const { links } = parts;
  const { storeId, userId, storeName, email, locale } = recipient;
  const words = parts.wordsIn(locale ?? undefined);
  const items = incidents.slice(0, MOST).map((incident) => itemOf(parts, words, incident));
  const [first] = items;
  const single = incidents.length === 1 ? first : undefined;
  const extent = { count: incidents.length, store: storeName };
  return {
    to: email,
    storeId,
    locale: words.locale,
    template: 'attention',
    unsubscribeUrl: links.unsubscribe(storeId, userId),
    vars: {
      subject: subjectOf(words, occasion, { ...extent, what: single?.title }),
      storeName,
      intro: words.t(`letter.intro.${occasion}`, extent),
      items,
      several: !single,
      more: incidents.length - items.length,
      label: single?.button ?? words.t('letter.all'),
      url: single?.url ?? links.open(storeId, '/integrations'),
      choicesUrl: links.open(storeId, '/notifications'),
    },
  };
}

function itemOf({ links, titleOf }: MailParts, words: Words, incident: Incident): AttentionItem {
  const { path, title, what, meanwhile, button } = wordsOf(incident, titleOf(incident.pluginId ?? ''));
  return {
    title: words.said(title),
    what: words.said(what),
    meanwhile: incident.endedAt ? words.t('letter.over') : words.said(meanwhile),
    button: words.said(button),
    since: incident.since.toISOString(),
    url: links.open(incident.storeId, path),
  };
}

interface Extent {
  readonly count: number;
  readonly store: string;
  /** The title of the only one. */
  readonly what: string | undefined;
}

function subjectOf({ t }: Words, occasion: Occasion, { count, store, what: single }: Extent): string {
  if (occasion === 'daily') {
    return single === undefined
      ? t('letter.subject.dailySeveral', { count, store })
      : t('letter.subject.daily', { store, what: single });
  }
  const what = single ?? t('letter.subject.several', { count, store });
  return occasion === 'now' ? what : t(`letter.subject.${occasion}`, { what });
}
