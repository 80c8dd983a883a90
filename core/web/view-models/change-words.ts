import type { Template } from '../../plugins/registry.ts';
import type { Effect } from '../../sdk/index.ts';
import { list, lowered } from '../words/format.ts';
import { t } from '../words/texts.ts';
import { recordView } from './records-view.ts';
import { countOf, streamTitle } from './stream-words.ts';

/** Names that are told before the rest is only counted. */
const NAMED = 3;

/** What handling a message would change: `Keeps 1 contact (Ada Lovelace)`. */
export function changeWords(template: Pick<Template, 'loaded' | 'name'>, change: Effect): string[] {
  switch (change?.kind) {
    case 'records':
      return recordWords(streamTitle(template, change.stream), change.items);
    case 'resync':
      return [t('events.change.resync', { what: lowered(streamTitle(template, change.stream)) })];
    case 'disconnect':
      return [t('events.change.disconnect', { plugin: template.name })];
    default:
      return [];
  }
}

type Items = Extract<Effect, { kind: 'records' }>['items'];

function recordWords(title: string, items: Items): string[] {
  const gone = items.filter((item) => 'deleted' in item);
  const kept = items.flatMap((item) => ('deleted' in item ? [] : [item]));
  const names = kept.slice(0, NAMED).map(({ id, data }) => labelOf(id, data));
  return [
    ...(kept.length > 0
      ? [
          t('events.change.keeps', {
            what: countOf(title, kept.length),
            names: list(names),
            more: kept.length > NAMED ? 'yes' : 'no',
          }),
        ]
      : []),
    ...(gone.length > 0 ? [t('events.change.removes', { what: countOf(title, gone.length) })] : []),
  ];
}

function labelOf(id: string, data: object): string {
  return recordView({ id, data: data as Record<string, unknown>, updatedAt: new Date(0), deletedAt: null }).label;
}
