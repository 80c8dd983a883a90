import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  const token = tokens[index];
  token?.attrSet('rel', 'noopener noreferrer');
  token?.attrSet('target', '_blank');
  return self.renderToken(tokens, index, options);
};

/**
 * HTML of a setup guide. Markup in the Markdown is shown, not run. The variables are filled in afterwards, escaped, so that
 * a value cannot bring Markdown of its own.
 */
export function guideHtml(text: string, vars: Readonly<Record<string, string>>): string {
  return markdown.render(text).replace(/(?:\{\{|%7B%7B)\s*(\w+)\s*(?:\}\}|%7D%7D)/g, (whole, name: string) => {
    const value = vars[name];
    return value === undefined ? whole : markdown.utils.escapeHtml(value);
  });
}
