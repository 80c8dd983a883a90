import { createRequire } from 'node:module';
import type { default as Library, MarkdownIt } from 'markdown-it';

const require = createRequire(import.meta.url);

let made: MarkdownIt | undefined;

/** Loaded with the first guide that is shown. */
function markdown(): MarkdownIt {
  made ??= makeMarkdown();
  return made;
}

function makeMarkdown(): MarkdownIt {
  const Markdown = require('markdown-it') as typeof Library;
  const markdown = new Markdown({ html: false, linkify: false, typographer: false });
  markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    token?.attrSet('rel', 'noopener noreferrer');
    token?.attrSet('target', '_blank');
    return self.renderToken(tokens, index, options);
  };
  return markdown;
}

/**
 * HTML of a setup guide. Markup in the Markdown is shown, not run. The variables are filled in afterwards, escaped, so that
 * a value cannot bring Markdown of its own.
 */
export function guideHtml(text: string, vars: Readonly<Record<string, string>>): string {
  const shown = markdown();
  return shown.render(text).replace(/(?:\{\{|%7B%7B)\s*(\w+)\s*(?:\}\}|%7D%7D)/g, (whole, name: string) => {
    const value = vars[name];
    return value === undefined ? whole : shown.utils.escapeHtml(value);
  });
}
