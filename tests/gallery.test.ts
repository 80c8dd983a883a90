import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { captionsIn, hang, type Picture, picturesIn, shownIn, take, weight } from './support/gallery.ts';
import { type Scene, scenesOf } from './support/gallery-scenes.ts';
import { statesOf } from './support/gallery-states.ts';
import { openStage, type Stage, VIEWERS } from './support/stage/stage.ts';
import { signedIn } from './support/stage/visitor.ts';

/** `npm run gallery` sets it: to be made anew, not only looked at; a text: only pictures whose name matches it. */
declare const gallery: true | string | undefined;

jest.setTimeout(900_000);

describe('the gallery', () => {
  if (typeof gallery !== 'undefined')
    it('is made anew', async () => {
      const [stage, browser] = await Promise.all([openStage(), openBrowser()]);
      try {
        const headings = new Map<Picture, string>();
        const all = [...(await scenesOf(stage)), ...statesOf(stage)];
        const scenes = all.filter(({ name }) => gallery === true || new RegExp(String(gallery)).test(name));
        for (const viewer of VIEWERS) {
          const context = await signedIn(browser, stage, viewer);
          const page = await context.newPage();
          for (const scene of scenes.filter((one) => one.viewer === viewer)) {
            headings.set(scene, await shot(page, stage, scene));
          }
          await context.close();
        }
        const before = captionsIn();
        hang(
          all.flatMap((scene) => {
            const heading = headings.get(scene);
            const says = heading === undefined ? before.get(scene.name) : `${heading}: ${scene.says}`;
            return says ? [{ ...scene, says }] : [];
          }),
        );
      } finally {
        await browser.close();
        await stage.close();
      }
    });

  it('shows every picture there is, and weighs little', () => {
    expect(picturesIn().toSorted()).toEqual(shownIn().toSorted());
    expect(shownIn().length).toBeGreaterThan(0);
    expect(weight()).toBeLessThan(8_000_000);
  });
});

/** Takes the picture; gives what the page is called. */
async function shot(page: Page, stage: Stage, { name, path, act }: Scene): Promise<string> {
  await page.goto(`${stage.hub.url}${path}`);
  const undo = await act?.(page, stage);
  try {
    await take(page, name);
    return await page.evaluate(
      () => (document.querySelector('h1') ?? document.querySelector('title'))?.textContent?.trim() ?? '',
    );
  } finally {
    await undo?.();
  }
}
