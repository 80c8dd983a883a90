import type { NewMail } from '../mail/mail.ts';
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
}

/** More than this nobody reads in a mail. */
const MOST = 20;

/** One mail for everything there is to say to one person about one store. */
export function noticeMail({ links, titleOf }: MailParts, { recipient, incidents, occasion }: ToTell): NewMail<'attention'> {
  const { storeId, userId, storeName, email } = recipient;
  const items = incidents.slice(0, MOST).map((incident) => {
    const { path, ...words } = wordsOf(incident, titleOf(incident.pluginId ?? ''));
    const meanwhile = incident.endedAt ? 'It works again by now.' : words.meanwhile;
    return { ...words, meanwhile, since: incident.since.toISOString(), url: links.open(storeId, path) };
  });
  const [first] = items;
  const single = incidents.length === 1 && first !== undefined;
  return {
    to: email,
    storeId,
    template: 'attention',
    unsubscribeUrl: links.unsubscribe(storeId, userId),
    vars: {
      subject: subjectOf(occasion, single ? first.title : undefined, { count: incidents.length, storeName }),
      storeName,
      intro: introOf(occasion, { count: incidents.length, storeName }),
      items,
      several: !single,
      more: incidents.length - items.length,
      label: single ? first.button : 'See all connections',
      url: single ? first.url : links.open(storeId, '/integrations'),
      choicesUrl: links.open(storeId, '/notifications'),
    },
  };
}

interface Extent {
  readonly count: number;
  readonly storeName: string;
}

function subjectOf(occasion: Occasion, single: string | undefined, { count, storeName }: Extent): string {
  const what = single ?? `${count} things in ${storeName} need your attention`;
  if (occasion === 'asked') return `A reminder: ${what}`;
  if (occasion === 'reminder') return `Still waiting: ${what}`;
  return occasion === 'daily' ? `Your day in ${storeName}: ${single ?? `${count} things needed attention`}` : what;
}

function introOf(occasion: Occasion, { count, storeName }: Extent): string {
  if (occasion === 'asked') return `You are reminded of something in ${storeName} that needs you.`;
  if (occasion === 'reminder') return `This was told three days ago and is still so, in ${storeName}.`;
  if (occasion === 'daily') return `What needed attention in ${storeName} since your last summary.`;
  return count === 1 ? `Something in ${storeName} needs you.` : `Several things in ${storeName} need you.`;
}
