import { t, tIfThere } from '../words/texts.ts';
import type { CardView } from './card-view.ts';

/** What of the cards somebody wants to see; an empty text narrows nothing down. */
export interface CardsSought {
  /** Words a card has to hold. */
  readonly query: string;
  /** A {@link Kind}; what is none is passed over. */
  readonly state: string;
  /** The {@link CardGroup.anchor} of a category. */
  readonly category: string;
}

/** How cards are told apart by what there is to do with them; one may be of several kinds. */
const KINDS = ['in-use', 'attention', 'free', 'coming-soon'] as const;
type Kind = (typeof KINDS)[number];

export interface CardGroup {
  readonly category: string;
  /** The category in the reader's language. */
  readonly title: string;
  readonly anchor: string;
  readonly cards: readonly ShownCard[];
  /** Columns it takes where there is room. */
  readonly span: number;
  /** None of its cards is sought. */
  readonly hidden: boolean;
}

export interface ShownCard extends CardView {
  /** Its kinds, by blanks. */
  readonly kinds: string;
  /** It is there, so that `cards.js` can show it without asking again. */
  readonly hidden: boolean;
}

export interface Choice {
  readonly value: string;
  readonly text: string;
  readonly count: number;
  readonly chosen: boolean;
}

export interface IntegrationsPage {
  readonly query: string;
  readonly groups: readonly CardGroup[];
  /** Those there are cards of, `all` first. */
  readonly kinds: readonly Choice[];
  readonly categories: readonly Choice[];
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

/** The cards in their categories' order, those that are not sought hidden. */
export function integrationsPage(cards: readonly CardView[], sought: CardsSought, canManage: boolean): IntegrationsPage {
  const given = cards.map((card) => ({ card, kinds: kindsOf(card), anchor: anchorOf(card.category) }));
  const counts = new Map(KINDS.map((kind) => [kind, given.filter(({ kinds }) => kinds.includes(kind)).length]));
  const groups = [...Map.groupBy(given, ({ anchor }) => anchor)];
  const wanted = {
    query: sought.query,
    state: KINDS.find((kind) => kind === sought.state && counts.get(kind)) ?? '',
    category: groups.some(([anchor]) => anchor === sought.category) ? sought.category : '',
  };
  const shown = groups.map(([anchor, members]) => groupOf(anchor, members, wanted));
  const connections = cards.flatMap((card) => card.connections);
  return {
    query: wanted.query,
    groups: shown,
    kinds: [
      choice('', { text: t('cards.kind.all'), count: cards.length, chosen: wanted.state }),
      ...KINDS.filter((kind) => counts.get(kind)).map((kind) =>
        choice(kind, { text: t(`cards.kind.${kind}`), count: counts.get(kind) ?? 0, chosen: wanted.state }),
      ),
    ],
    categories: [
      choice('', { text: t('cards.allCategories'), count: cards.length, chosen: wanted.category }),
      ...shown.map(({ anchor, title, cards: { length: count } }) =>
        choice(anchor, { text: title, count, chosen: wanted.category }),
      ),
    ],
    total: cards.length,
    shown: shown.flatMap((group) => group.cards).filter(({ hidden }) => !hidden).length,
    connected: connections.filter(({ works, state }) => works && state !== 'needs-attention').length,
    attention: connections.filter(({ state }) => state === 'needs-attention').length,
    canManage,
    live: connections.some(({ syncing }) => syncing),
  };
}

interface Given {
  readonly card: CardView;
  readonly kinds: readonly Kind[];
  readonly anchor: string;
}

function groupOf(anchor: string, members: readonly Given[], sought: CardsSought): CardGroup {
  const category = members[0]?.card.category ?? '';
  const cards = members
    .map((one) => ({ ...one.card, kinds: one.kinds.join(' '), hidden: !isSought(one, sought) }))
    .toSorted((one, other) => rank(one) - rank(other));
  const hidden = cards.every((card) => card.hidden);
  return { category, title: categoryTitle(category), anchor, cards, span: Math.min(3, members.length), hidden };
}

function choice(value: string, { text, count, chosen }: { text: string; count: number; chosen: string }): Choice {
  return { value, text, count, chosen: value === chosen };
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

function kindsOf({ state, connections }: CardView): Kind[] {
  const states = [state, ...connections.map((connection) => connection.state)];
  const kinds: Readonly<Record<Kind, boolean>> = {
    'in-use': connections.some(({ status }) => status !== 'disconnected'),
    attention: states.includes('needs-attention'),
    free: state === 'connect' || state === 'disconnected',
    'coming-soon': state === 'coming-soon',
  };
  return KINDS.filter((kind) => kinds[kind]);
}

/** `cards.js` narrows the cards by the same rule while one types and chooses. */
function isSought({ card, kinds, anchor }: Given, { query, state, category }: CardsSought): boolean {
  const words = query.toLowerCase().split(/\s+/);
  const fits = kinds.some((kind) => kind === state) || state === '';
  return fits && (category === '' || category === anchor) && words.every((word) => card.search.includes(word));
}

function anchorOf(category: string): string {
  return category.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
