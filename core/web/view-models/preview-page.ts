import type { Preview } from '../../inbox/replays.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { IconName } from '../icons.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { changeWords } from './change-words.ts';
import { eventWords } from './event-view.ts';
import { type PluginHead, pluginHead } from './plugin-view.ts';

export interface PreviewPage {
  readonly title: string;
  readonly plugin: PluginHead;
  readonly integration: { readonly name: string; readonly href: string };
  readonly here: string;
  /** `3 messages` */
  readonly count: string;
  readonly previews: readonly PreviewView[];
  /** Beyond those that are shown. */
  readonly more: number;
  /** What was asked, to ask it again for good. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface PreviewView {
  readonly tone: string;
  readonly icon: IconName;
  readonly outcome: string;
  readonly type: string;
  readonly href: string;
  readonly at: Date;
  readonly reason: string | undefined;
  readonly changes: readonly string[];
}

export interface PreviewInput {
  readonly template: Template;
  readonly integration: Pick<Integration, 'name'>;
  readonly href: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly preview: { readonly matching: number; readonly previews: readonly Preview[] };
}

const FACES: Readonly<Record<Preview['outcome'], { tone: string; icon: IconName }>> = {
  handled: { tone: 'good', icon: 'check' },
  parked: { tone: 'warn', icon: 'off' },
  dead: { tone: 'bad', icon: 'fault' },
  retry: { tone: 'warn', icon: 'wait' },
};
const ASKED = ['which', 'state', 'reason', 'from', 'until'];

export function previewPage({ template, integration, href, fields, preview }: PreviewInput): PreviewPage {
  const { matching, previews } = preview;
  const here = `${href}/events`;
  return {
    title: t('events.would'),
    plugin: pluginHead(template),
    integration: { name: integration.name, href },
    here,
    count: t('words.messages', { count: matching }),
    previews: previews.map(({ id, type, receivedAt, outcome, reason, changes }) => ({
      outcome: t(`events.would.${outcome}`),
      ...FACES[outcome],
      type: eventWords(type),
      href: `${here}/${id}`,
      at: receivedAt,
      reason: saidIf(reason),
      changes: changes.flatMap((change) => changeWords(template, change)),
    })),
    more: Math.max(0, matching - previews.length),
    fields: [
      ...ASKED.flatMap((name) => (typeof fields[name] === 'string' ? [{ name, value: fields[name] }] : [])),
      ...[fields['message'] ?? []].flat().map((id) => ({ name: 'message', value: String(id) })),
    ],
  };
}
