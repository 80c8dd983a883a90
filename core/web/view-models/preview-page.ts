import type { Preview } from '../../inbox/replays.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { IconName } from '../icons.ts';
import { plural } from '../words.ts';
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

const OUTCOMES: Readonly<Record<Preview['outcome'], { tone: string; icon: IconName; outcome: string }>> = {
  handled: { tone: 'good', icon: 'check', outcome: 'Would work' },
  parked: { tone: 'warn', icon: 'off', outcome: 'Would be kept for later' },
  dead: { tone: 'bad', icon: 'fault', outcome: 'Would fail again' },
  retry: { tone: 'warn', icon: 'wait', outcome: 'Would be tried again later' },
};
const ASKED = ['which', 'state', 'reason', 'from', 'until'];

export function previewPage({ template, integration, href, fields, preview }: PreviewInput): PreviewPage {
  const { matching, previews } = preview;
  const here = `${href}/events`;
  return {
    title: 'What would happen',
    plugin: pluginHead(template),
    integration: { name: integration.name, href },
    here,
    count: plural(matching, 'message'),
    previews: previews.map(({ id, type, receivedAt, outcome, reason, changes }) => ({
      ...OUTCOMES[outcome],
      type: eventWords(type),
      href: `${here}/${id}`,
      at: receivedAt,
      reason,
      changes: changes.flatMap((change) => changeWords(template, change)),
    })),
    more: Math.max(0, matching - previews.length),
    fields: [
      ...ASKED.flatMap((name) => (typeof fields[name] === 'string' ? [{ name, value: fields[name] }] : [])),
      ...[fields['message'] ?? []].flat().map((id) => ({ name: 'message', value: String(id) })),
    ],
  };
}
