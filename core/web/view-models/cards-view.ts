import { tIfThere } from '../texts.ts';
import type { CardView } from './card-view.ts';

export interface CardGroup {
  readonly category: string;
  /** The category in the reader's language. */
  readonly title: string;
  readonly anchor: string;
  readonly cards: readonly CardView[];
  /** Columns it takes where there is room. */
  readonly span: number;
}

export interface IntegrationsPage {
  readonly query: string;
  readonly groups: readonly CardGroup[];
  /** How many cards there are at all, and how many are shown. */
  readonly total: number;
  readonly shown: number;
  readonly connected: number;
  readonly attention: number;
  readonly canManage: boolean;
  /** A sync is under way: the page keeps itself current. */
  readonly live: boolean;
  /** Where it hears how far syncs are; none for a test of the rest. */
  readonly liveHref?: string;
}

/** The cards in their categories' order, narrowed down to those that hold every word of the search. */
export function integrationsPage(cards: readonly CardView[], query: string, canManage: boolean): IntegrationsPage {
  const shown = cards.filter((card) => matches(card, query));
  const groups = new Map<string, CardView[]>();
  for (const card of shown) groups.set(card.category, [...(groups.get(card.category) ?? []), card]);
  const connections = cards.flatMap((card) => card.connections);
  return {
    query,
    groups: [...groups].map(([category, members]) => ({
      category,
      title: categoryTitle(category),
      anchor: anchorOf(category),
      cards: members.toSorted((one, other) => rank(one) - rank(other)),
      span: Math.min(3, members.length),
    })),
    total: cards.length,
    shown: shown.length,
    connected: connections.filter(({ works, state }) => works && state !== 'needs-attention').length,
    attention: connections.filter(({ state }) => state === 'needs-attention').length,
    canManage,
    live: connections.some(({ syncing }) => syncing),
  };
}

/** A category an operator made up stays as it was written. */
export function categoryTitle(category: string): string {
  return tIfThere(`category.${anchorOf(category)}`) ?? category;
}

/** What is in use comes first in its category, what cannot be used yet last. */
function rank({ connections, state }: CardView): number {
  if (connections.length > 0) return 0;
  return state === 'connect' ? 1 : 2;
}

/** `app.js` narrows the cards by the same rule while one types. */
function matches(card: CardView, query: string): boolean {
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => card.search.includes(word));
}

function anchorOf(category: string): string {
  return category.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
