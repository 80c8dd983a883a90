import type { Template } from '../../plugins/registry.ts';
import type { Effect } from '../../sdk/index.ts';
import { list } from '../words.ts';
import { countOf, streamTitle } from './card-view.ts';
import { recordView } from './records-view.ts';

/** Names that are told before the rest is only counted. */
const NAMED = 3;

/** What handling a message would change: `Keeps 1 contact (Ada Lovelace)`. */
export function changeWords(template: Pick<Template, 'loaded' | 'name'>, change: Effect): string[] {
  switch (change?.kind) {
    case 'records':
      return recordWords(streamTitle(template, change.stream), change.items);
    case 'resync':
      return [`Reads all ${lower(streamTitle(template, change.stream))} again`];
    case 'disconnect':
      return [`Ends the connection with ${template.name}`];
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
      ? [`Keeps ${countOf(title, kept.length)} (${list(names)}${kept.length > NAMED ? ' and more' : ''})`]
      : []),
    ...(gone.length > 0 ? [`Removes ${countOf(title, gone.length)}`] : []),
  ];
}

function labelOf(id: string, data: object): string {
  return recordView({ id, data: data as Record<string, unknown>, updatedAt: new Date(0), deletedAt: null }).label;
}

function lower(title: string): string {
  return /^[A-Z][A-Z]/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
}
