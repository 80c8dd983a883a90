import type { Page } from 'playwright-core';
import type { Picture } from './gallery.ts';
import { type Place, placesOf } from './stage/places.ts';
import type { Stage, Viewer } from './stage/stage.ts';

/** A picture, whose eyes it is seen with, and what is done on the page first. */
export interface Scene extends Picture {
  readonly viewer: Viewer;
  readonly path: string;
  readonly act?: (page: Page) => Promise<void>;
}

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

/** States that no address leads to. */
export const SCENES: readonly Scene[] = [
  {
    ...{ name: 'login-refused', viewer: 'stranger', path: '/login', says: 'Logging in with a wrong password' },
    chapter: 'Before somebody is known',
    act: async (page) => {
      await page.locator('#email').fill('ana@example.com');
      await page.locator('#password').fill('wrong');
      await page.locator('#password').press('Enter');
      await page.locator('[role=alert]').first().waitFor();
    },
  },
  {
    ...{ name: 'not-found', viewer: 'owner', path: '/nothing-here', says: 'An address that leads nowhere' },
    chapter: OTHERS,
  },
  {
    ...{ name: 'forbidden', viewer: 'staff', path: '/keys', says: 'A page that staff may not see' },
    chapter: OTHERS,
  },
  {
    ...{ name: 'keys-refused', viewer: 'newcomer', path: '/integrations/mailchimp', says: 'Connecting with a key that is wrong' },
    chapter: 'The store owner’s pages',
    act: async (page) => {
      await page.getByLabel('API key', { exact: true }).fill('0c5f3e9a7b1d42688e6f4a2c9d7b5e31-us19');
      await page.getByLabel('Server prefix').fill('us6');
      await page.getByRole('button', { name: 'Test and connect' }).click();
      await page.locator('.wrong, [role=alert]').first().waitFor();
    },
  },
  {
    ...{ name: 'menu', viewer: 'owner', path: '/integrations', says: 'The menu of a person' },
    chapter: OTHERS,
    act: (page) => page.locator('.menu-user summary').click(),
  },
  {
    ...{ name: 'cards-not-found', viewer: 'owner', path: '/integrations', says: 'A search that finds no card' },
    chapter: 'The store owner’s pages',
    act: (page) => page.locator('input[type=search]').first().fill('fax machine'),
  },
];

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
const FILES = /\/(?:body|file|archive|proof|callback|qr\.svg)$|^\/$|^\/setup$|^\/open\//;

/** Pages that look otherwise where nothing has happened. */
const EMPTY = ['/integrations', '/dashboard', '/activity', '/notifications', '/notifications/webhooks', '/account/second-factor'];
/** One of those that are planned is like the other. */
const ALIKE = /\/(?:salesforce|make|zapier)$/;

function isWorthAPicture({ route, path, viewer, again }: Place): boolean {
  if (FILES.test(route) || ALIKE.test(path)) return false;
  if (viewer === 'newcomer') return EMPTY.includes(route);
  if (viewer === 'staff') return route === '/integrations' || route === '/integrations/:plugin/:id';
  return !again || IN_EVERY_STATE.includes(route);
}

function nameOf({ route, path, viewer }: Place): string {
  const which = IN_EVERY_STATE.slice(0, 2).includes(route) ? path.split('/').slice(2, 3) : [];
  const parts = route.split('/').filter((part) => part && !part.startsWith(':'));
  const one = /:(?!plugin)\w+$/.test(route) ? ['one'] : [];
  const by = viewer === 'staff' || viewer === 'newcomer' || (viewer === 'operator' && route === '/integrations') ? [viewer] : [];
  return [...parts, ...which, ...one, ...by].join('-') || 'start';
}

const chapterOf = (route: string) => CHAPTERS.find(([pattern]) => pattern.test(route))?.[1] ?? OTHERS;

function saysOf({ route, path, viewer }: Place): string {
  const plugin = /^\/(?:integrations|sandbox)\/([^/]+)/.exec(path)?.[1];
  return `\`${route}\`${plugin ? ` (${plugin})` : ''}${SEEN_BY[viewer]}`;
}
