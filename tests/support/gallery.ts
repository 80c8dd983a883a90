import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const GALLERY = join(import.meta.dirname, '../../docs/gallery');
/** The longest a picture gets, in pixels of the page: what follows is more of the same. */
const TALLEST = { phone: 1500, desk: 1400 };
const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 800 } };
const SCALE = { phone: 0.9, desk: 0.6 };

/** A page or a state of one, and what is said of it. */
export interface Picture {
  readonly name: string;
  readonly chapter: string;
  readonly says: string;
}

/** Takes a page on a phone and on a desk, by day and by night. A picture that stays as it was is not written again. */
export async function take(page: Page, name: string): Promise<void> {
  mkdirSync(GALLERY, { recursive: true });
  await settle(page);
  const session = await page.context().newCDPSession(page);
  for (const size of ['phone', 'desk'] as const) {
    await page.setViewportSize(SIZES[size]);
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    // What sticks to the end of the window would lie upon what follows.
    const { width, height } = SIZES[size];
    const asked = (await page.locator('dialog[open]').count()) > 0;
    const most = asked ? height : Math.max(height, Math.min(tall, TALLEST[size]));
    await page.setViewportSize({ width, height: most });
    await page.evaluate(() => scrollTo(0, 0));
    const top = asked ? 0 : await page.evaluate(startOf, TALLEST[size]);
    const clip = { x: 0, y: top, width, height: Math.min(tall - top, most), scale: SCALE[size] };
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      const { data } = await session.send('Page.captureScreenshot', {
        ...{ format: 'webp', quality: 40, clip, captureBeyondViewport: true },
      });
      write(`${name}-${size}-${theme}.webp`, Buffer.from(data, 'base64'));
    }
  }
  await session.detach();
}

/** A page says by its focus where to look; what lies too far down for a picture is where the picture begins. */
function startOf(tallest: number): number {
  const said = document.querySelector('.wrong, [role=alert]')?.getBoundingClientRect();
  return said && said.top + scrollY > tallest - 300 ? Math.round(said.top + scrollY - 200) : 0;
}

function write(file: string, content: Buffer | string): void {
  const path = join(GALLERY, file);
  const bytes = Buffer.from(content);
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
}

/** What is another one in every run (times, addresses, tokens) becomes the same in every picture. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => {
    const same = (text: string) =>
      text
        .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://hub.example.com')
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '0192f0c0-5a3e-7cc1-9f6b-2d4e8a1b0c57')
        .replace(/[\w-]{43}(?![\w-])/g, 'k3yQ'.repeat(10))
        .replace(/\d\d? \w{3} 20\d\d, \d\d:\d\d(:\d\d)?/g, '21 Nov 2026, 09:30')
        .replace(/stage-plugins-\w+/g, 'plugins')
        .replace(/pb_[\w-]+/g, 'pb_k3yQk3')
        .replace(/took \d+ seconds?/g, 'took 2 seconds')
        .replace(/\b\d+([.,]\d+)? ms\b/g, '120 ms')
        .replace(/\b\d\d?(\.\d+)? s\b/g, '2 s');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const now = walker.currentNode.nodeValue ?? '';
      if (same(now) !== now) walker.currentNode.nodeValue = same(now);
    }
    for (const time of document.querySelectorAll('time[data-relative]')) {
      const ahead = new Date((time as HTMLTimeElement).dateTime) > new Date();
      time.textContent = ahead ? 'in 2 hours' : '2 minutes ago';
    }
    for (const input of document.querySelectorAll<HTMLInputElement>('input:not([type=checkbox], [type=radio])')) {
      const now = input.value;
      if (same(now) !== now) input.value = same(now);
    }
    (document.activeElement as HTMLElement | null)?.blur();
  });
}

/** The page that shows and says all of it; pictures that nothing shows any more are removed. */
export function hang(pictures: readonly Picture[]): void {
  const chapters = [...new Set(pictures.map(({ chapter }) => chapter))];
  const text = chapters.map((chapter) =>
    [`## ${chapter}`, ABOUT[chapter] ?? '', ...pictures.filter((one) => one.chapter === chapter).map(entry)].join('\n\n'),
  );
  write('README.md', `${[INTRODUCTION, ...text].join('\n\n')}\n`);
  const shown = shownIn();
  for (const file of picturesIn()) if (!shown.includes(file)) rmSync(join(GALLERY, file));
}

const INTRODUCTION = `# The pages

Every page of the hub in the state a person meets it, on a phone and on a desk, by day and by night. \`npm run gallery\` takes these pictures anew, of a hub with all plugins, their simulators and a store where something of everything has happened; times, addresses and keys are the same in every run. Long pages are cut.`;

const ABOUT: Readonly<Record<string, string>> = {
  'Before somebody is known':
    'Logging in, invitations, a new password, and the page that a connect link opens for somebody without a login here.',
  'A store and its people': 'Who belongs to a store, its keys, what it is told and how, how long it keeps what, and what it did.',
  'The store owner’s pages':
    'Cards say how things are and have one button that goes on. Behind them: connecting by consent or by keys, settings, the first sync, what came in, what went wrong, and the button that mends it.',
  'The simulators': 'The other side of a connection, for who has no account there: change something, break something, and watch.',
  'The mails': 'What people are sent, in words of the same files.',
  'Other eyes': 'The same pages with more contrast, in the reader’s own colours, from right to left, and in German.',
  'The operator’s pages':
    'The same over all stores, the plugins and why one does not run, live changes that need somebody, users, keys, mails, and proofs of what was deleted.',
};

function entry({ name, says }: Picture): string {
  const image = (size: string, theme: string, width: number) =>
    `<img src="${name}-${size}-${theme}.webp" alt="" width="${width}" loading="lazy">`;
  const images = ['light', 'dark'].flatMap((theme) => [image('phone', theme, 150), image('desk', theme, 330)]);
  return `**${says}**\n\n<p>${images.join('\n')}</p>`;
}

/** What the page says of each picture now, by its name. */
export function captionsIn(): Map<string, string> {
  const entries = readFileSync(join(GALLERY, 'README.md'), 'utf8').matchAll(
    /^\*\*(.+)\*\*\n\n<p><img src="(.+?)-phone-light\.webp"/gm,
  );
  return new Map([...entries].map(([, says = '', name = '']) => [name, says]));
}

/** Files that the page shows. */
export function shownIn(): string[] {
  return [...readFileSync(join(GALLERY, 'README.md'), 'utf8').matchAll(/src="([^"]+)"/g)].map(([, file = '']) => file);
}

export function picturesIn(): string[] {
  return readdirSync(GALLERY).filter((file) => file.endsWith('.webp'));
}

/** Of all pictures, in bytes. */
export function weight(): number {
  return picturesIn().reduce((sum, file) => sum + statSync(join(GALLERY, file)).size, 0);
}
