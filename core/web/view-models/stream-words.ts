import type { Template } from '../../plugins/registry.ts';
import { lowered, number, plural, words } from '../words/format.ts';
import { counted } from '../words/plugin-texts.ts';
import { reader } from '../words/reader.ts';
import { t } from '../words/texts.ts';

/** The stream's own title (`Contacts`), or words made of its name. */
export function streamTitle(template: Pick<Template, 'loaded'>, stream: string): string {
  return template.loaded?.plugin.handlers?.streams?.[stream]?.title ?? words(stream);
}

/** `3,412 contacts`; a title is a plural, so one of them needs its singular. */
export function countOf(title: string, count: number): string {
  // Only English makes its singulars so that a rule finds them; for another language the plugin may bring a message.
  if (reader().locale !== 'en') return counted(title, count) ?? t('words.countOf', { title, count: number(count) });
  const many = lowered(title);
  const one = many.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '');
  return plural(count, one, many);
}

/** As the plugin lists its streams; what it does not list comes last. */
export function inOrder(template: Template, counts: Readonly<Record<string, number>>): [string, number][] {
  const order = Object.keys(template.loaded?.plugin.handlers?.streams ?? {});
  const rank = (stream: string) => (order.includes(stream) ? order.indexOf(stream) : order.length);
  return Object.entries(counts).sort(([one], [other]) => rank(one) - rank(other));
}
