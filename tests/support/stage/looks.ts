import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What is wrong with a page, each in a line; none is well. */
export type Faults = readonly string[];

/** Of one kind, so many are folded open. */
const OPENED = 5;

/** Every page of the context has axe from its beginning: sent to each one, it takes as long as looking at it. */
export function bringAxe(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(AXE);
}

/** All rules of WCAG 2.2 AA that a machine can hold, what is folded opened; `only` these of them, or all `but` these. */
export async function axeFaults(
  page: Page,
  { only, but = [] }: { only?: readonly string[]; but?: readonly string[] } = {},
): Promise<Faults> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  return page.evaluate(
    async ({ levels, rules, left, opened }) => {
      for (const details of [...document.querySelectorAll<HTMLDetailsElement>('main details')].slice(0, opened))
        details.open = true;
      // biome-ignore lint/suspicious/noExplicitAny: the page has it from the line above.
      const { violations } = await (globalThis as any).axe.run(document, {
        runOnly: rules ? { type: 'rule', values: rules } : { type: 'tag', values: levels },
        ...(!rules && {
          rules: { 'target-size': { enabled: true }, ...Object.fromEntries(left.map((id) => [id, { enabled: false }])) },
        }),
        resultTypes: ['violations'],
      });
      type Found = { id: string; nodes: { target: string[]; html: string; failureSummary: string }[] };
      return (violations as Found[]).flatMap(({ id, nodes }) =>
        nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.split('\n')[1]?.trim()}`),
      );
    },
    { levels: LEVELS, rules: only, left: but, opened: OPENED },
  );
}

/** What a rule of axe does not see: what is wider than the window, and what moves though the reader asked for rest. */
export function frameFaults(page: Page): Promise<Faults> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
      faults.push(`${scrollWidth - clientWidth} px wider than the window: ${wide.at(-1)?.outerHTML.slice(0, 160)}`);
    }
    for (const one of document.querySelectorAll('body *')) {
      const { transitionDuration, animationName } = getComputedStyle(one);
      if (/[1-9]/.test(transitionDuration) || animationName !== 'none') faults.push(`moves: ${one.outerHTML.slice(0, 120)}`);
    }
    return faults.slice(0, 5);
  });
}

/** Whatever takes the focus shows that it has it, and can be seen. */
export function focusFaults(page: Page): Promise<Faults> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const all = document.querySelectorAll<HTMLElement>(
      'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]',
    );
    for (const one of all) {
      if (one.tabIndex > 0) faults.push(`has an order of its own: ${one.outerHTML.slice(0, 160)}`);
      if (one.tabIndex < 0 || one.matches(':disabled') || !one.checkVisibility({ visibilityProperty: true })) continue;
      one.focus();
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      const { width, height, left, right } = one.getBoundingClientRect();
      const seen = width > 1 && height > 1 && right > 0 && left < innerWidth;
      if (document.activeElement !== one) faults.push(`does not take the focus: ${one.outerHTML.slice(0, 160)}`);
      else if (!seen) faults.push(`has the focus where nobody sees it: ${one.outerHTML.slice(0, 160)}`);
      else if (outlineStyle === 'none' || outlineWidth === '0px')
        faults.push(`does not show the focus: ${one.outerHTML.slice(0, 160)}`);
    }
    return faults.slice(0, 5);
  });
}
