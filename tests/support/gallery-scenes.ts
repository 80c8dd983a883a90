import type { Page } from 'playwright-core';
import type { Picture } from './gallery.ts';
import { type Place, placesOf } from './stage/places.ts';
import type { Stage, Viewer } from './stage/stage.ts';

/** Takes back what was done for a picture, where the next ones would show it. */
export type Undo = () => Promise<unknown>;

/** A picture, whose eyes it is seen with, and what is done on the page first. */
export interface Scene extends Picture {
  readonly viewer: Viewer;
  readonly path: string;
  readonly act?: Act;
}

/** What is done on a page before its picture is taken. */
export type Act = (page: Page, stage: Stage) => Promise<Undo | undefined>;

const CHAPTERS: readonly (readonly [RegExp, string])[] = [
  [/^\/admin/, 'The operator’s pages'],
  [/^\/sandbox/, 'The simulators'],
  [/^\/(?:integrations|dashboard|activity)(?:$|\/)/, 'The store owner’s pages'],
  [/^\/(?:login|setup|forgot|reset|invitations|connect)/, 'Before somebody is known'],
];
const OTHERS = 'A store and its people';
const SEEN_BY: Readonly<Record<Viewer, string>> = {
  stranger: '',
  'half-way': '',
  owner: '',
  operator: '',
  staff: ', as staff sees it',
  newcomer: ' of a store where nothing has happened yet',
};

/** One of each page for each person it is shown to, and the pages of an integration and of a plugin in each of their states. */
export async function scenesOf(stage: Stage): Promise<Scene[]> {
  const places = (await placesOf(stage)).filter(isWorthAPicture);
  const names = new Map<string, number>();
  return places.map((place) => {
    const name = nameOf(place);
    const times = (names.get(name) ?? 0) + 1;
    names.set(name, times);
    const { route, viewer, path } = place;
    return { name: times > 1 ? `${name}-${times}` : name, viewer, path, chapter: chapterOf(route), says: saysOf(place) };
  });
}

const IN_EVERY_STATE = ['/integrations/:plugin', '/integrations/:plugin/:id', '/integrations/:plugin/:id/runs/:run'];
const FILES = /\/(?:body|file|archive|proof|callback|qr\.svg)$|^\/$|^\/admin\/events\/unreadable\/:|^\/setup$|^\/open\//;

/** Pages that look otherwise where nothing has happened. */
const EMPTY = ['/integrations', '/dashboard', '/activity', '/notifications'];
/** One of those that are planned is like the other. */
const ALIKE = /\/(?:salesforce|make|zapier)$/;

function isWorthAPicture({ route, path, viewer, again }: Place): boolean {
  if (FILES.test(route) || ALIKE.test(path)) return false;
  if (viewer === 'newcomer') return EMPTY.includes(route);
  if (viewer === 'staff') return route === '/integrations' || route === '/integrations/:plugin/:id';
  if (viewer === 'operator' && route === '/integrations') return false;
  return !again || IN_EVERY_STATE.includes(route);
}

function nameOf({ route, path, viewer }: Place): string {
  const which = IN_EVERY_STATE.slice(0, 2).includes(route) ? path.split('/').slice(2, 3) : [];
  const parts = route.split('/').filter((part) => part && !part.startsWith(':'));
  const one = /:(?!plugin)\w+$/.test(route) ? ['one'] : [];
  const by = viewer === 'staff' || viewer === 'newcomer' ? [viewer] : [];
  return [...parts, ...which, ...one, ...by].join('-') || 'start';
}

const chapterOf = (route: string) => CHAPTERS.find(([pattern]) => pattern.test(route))?.[1] ?? OTHERS;

function saysOf({ route, path, viewer }: Place): string {
  const plugin = /^\/(?:integrations|sandbox)\/([^/]+)/.exec(path)?.[1];
  return `\`${route}\`${plugin ? ` (${plugin})` : ''}${SEEN_BY[viewer]}`;
}
