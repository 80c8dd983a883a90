import { describe, expect, it, jest } from '@jest/globals';
import { openBrowser } from './support/browser.ts';
import { hang, type Picture, picturesIn, shownIn, take, weight } from './support/gallery.ts';
import { SCENES, scenesOf } from './support/gallery-scenes.ts';
import { openStage, VIEWERS } from './support/stage/stage.ts';
import { signedIn } from './support/stage/visitor.ts';

/** `npm run gallery` sets it: to be made anew, not only looked at. */
declare const gallery: boolean | undefined;

jest.setTimeout(900_000);

describe('the gallery', () => {
  if (typeof gallery !== 'undefined')
    it('is made anew', async () => {
      const [stage, browser] = await Promise.all([openStage(), openBrowser()]);
      try {
        const headings = new Map<Picture, string>();
        const scenes = [...(await scenesOf(stage)), ...SCENES];
        for (const viewer of VIEWERS) {
          const context = await signedIn(browser, stage, viewer);
          const page = await context.newPage();
          for (const scene of scenes.filter((one) => one.viewer === viewer)) {
            await page.goto(`${stage.hub.url}${scene.path}`);
            await scene.act?.(page);
            await take(page, scene.name);
            headings.set(scene, (await page.locator('h1').first().textContent())?.trim() ?? '');
          }
          await context.close();
        }
        hang(scenes.map((scene) => ({ ...scene, says: `${headings.get(scene)}: ${scene.says}` })));
      } finally {
        await browser.close();
        await stage.close();
      }
    });

  it('shows every picture there is, and weighs little', () => {
    expect(picturesIn().toSorted()).toEqual(shownIn().toSorted());
    expect(shownIn().length).toBeGreaterThan(0);
    expect(weight()).toBeLessThan(6_000_000);
  });
});
