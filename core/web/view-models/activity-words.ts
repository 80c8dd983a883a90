import { wordsOf } from '../../notices/incident-words.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Happening, Kind } from '../activity.ts';
import type { IconName } from '../icons.ts';
import { said, saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { entrySays } from './audit-words.ts';
import { eventWords, faceOf } from './event-view.ts';
import { runView } from './run-view.ts';
import { streamTitle } from './stream-words.ts';

/** What happened in words: one sentence, and what there is to add. */
export interface HappeningWords {
  readonly says: string;
  readonly note: string | undefined;
  /** Who did it, where the sentence does not say so. */
  readonly who: string | undefined;
  readonly tone: string;
  readonly icon: IconName;
  /** Its outcome, or its kind where it can have no other outcome. */
  readonly state: string;
  /** Where there is more of it. */
  readonly href: string | undefined;
}

export interface Named {
  /** Of the integration; undefined where there is none. */
  readonly name: string | undefined;
  readonly template: Template | undefined;
  /** It is not meant to work for now: what is handled again would only wait. */
  readonly rests?: boolean;
}

const ICONS: Readonly<Record<Kind, IconName>> = {
  connection: 'link',
  test: 'check',
  sync: 'sync',
  event: 'bolt',
  change: 'gear',
  notice: 'alert',
};

export function happeningWords(one: Happening, { name, template }: Named): HappeningWords {
  const plugin = template?.name ?? one.pluginId ?? '';
  const base = one.integrationId ? `/integrations/${one.pluginId}/${one.integrationId}` : undefined;
  switch (one.from) {
    case 'audit':
      return { ...entryWords(one, template), href: name === undefined ? undefined : base };
    case 'run': {
      const title = template ? streamTitle(template, one.run.stream) : one.run.stream;
      const { tone, icon, text, result, message, why, href } = runView({ ...one.run, failures: [] }, title, { base: base ?? '' });
      const who = one.run.requestedBy ?? why;
      const says = t('runs.one', { stream: title });
      return { says, note: [result, message].filter(Boolean).join('. '), who, tone, icon, state: text, href };
    }
    case 'event': {
      const { reason, type, state, id } = one.event;
      const says = t('activity.event', { plugin, type: eventWords(type) });
      return { says, note: saidIf(reason) ?? undefined, who: undefined, ...faceOf(state), href: `${base}/events/${id}` };
    }
    case 'incident': {
      const { title, what, path } = wordsOf(one.incident, plugin);
      if (one.mended)
        return { ...MENDED, says: t('activity.mended', { what: said(title) }), state: t('activity.over'), href: path };
      const state = t(one.incident.endedAt ? 'activity.began' : 'activity.open');
      return { says: said(title), note: said(what), who: undefined, tone: 'bad', icon: 'alert', state, href: path };
    }
    case 'mail': {
      const { recipient, subject, state, reason } = one.mail;
      const tone = { queued: 'idle', sent: 'good', dead: 'bad' }[state];
      const says = t('activity.mail', { who: recipient, subject });
      return {
        says,
        note: reason ?? undefined,
        who: undefined,
        tone,
        icon: 'bolt',
        state: t(`activity.mail.${state}`),
        href: undefined,
      };
    }
  }
}

const MENDED = { note: undefined, who: undefined, tone: 'good', icon: 'check' } as const;

type Entry = Extract<Happening, { from: 'audit' }>;

function entryWords({ kind, outcome, entry }: Entry, template: Named['template']): Omit<HappeningWords, 'href'> {
  const { message } = entry.detail;
  const wrong = outcome === 'failed';
  return {
    says: entrySays(entry, template),
    note: typeof message === 'string' ? said(message) : undefined,
    who: undefined,
    tone: wrong ? 'bad' : kind === 'test' ? 'good' : 'idle',
    icon: wrong ? 'fault' : ICONS[kind],
    state: t(`activity.kind.${kind}`),
  };
}
