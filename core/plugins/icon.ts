import type { Fault } from './manifest-check.ts';

const MAX_BYTES = 20 * 1024;

/** Shapes, colours and text: nothing that runs, loads or points elsewhere. */
const ELEMENTS = new Set(
  (
    'svg g path rect circle ellipse line polyline polygon text tspan title desc defs symbol use clipPath mask pattern marker ' +
    'linearGradient radialGradient stop'
  ).split(' '),
);

const TOKEN = /<!--[\s\S]*?-->|<\?xml\s[^>]*\?>|<(\/?)([\w:-]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/g;
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** What keeps `icon.svg` from being shown on a page; a small subset of SVG is let through, anything unknown is not. */
export function iconFaults(svg: string): Fault[] {
  const bytes = Buffer.byteLength(svg);
  if (bytes >= MAX_BYTES) {
    return [at(1, `has ${bytes} bytes; keep it under ${MAX_BYTES}, export it without metadata and with fewer decimals`)];
  }
  const open: string[] = [];
  let [end, line, seen] = [0, 1, false];
  for (const match of svg.matchAll(TOKEN)) {
    if (match.index !== end) break;
    const [token, closing, name, attributes = '', selfClosing] = match;
    const problem = name === undefined ? textProblem(token, open) : tagProblem({ name, attributes, closing, open, seen });
    if (problem) return [at(line, problem)];
    if (name !== undefined) seen = true;
    if (name !== undefined && !closing && !selfClosing) open.push(name);
    end += token.length;
    line += token.split('\n').length - 1;
  }
  if (end !== svg.length)
    return [at(line, 'is not plain SVG from here on; only elements, attributes, text and comments may stand in it')];
  if (!seen || open.length > 0) return [at(line, seen ? `does not close <${open.at(-1)}>` : 'holds no <svg>')];
  return [];
}

function textProblem(token: string, open: readonly string[]): string | undefined {
  return open.length === 0 && !token.startsWith('<') && token.trim() !== '' ? 'has text outside <svg>' : undefined;
}

interface Tag {
  readonly name: string;
  readonly attributes: string;
  readonly closing: string | undefined;
  readonly open: string[];
  readonly seen: boolean;
}

function tagProblem({ name, attributes, closing, open, seen }: Tag): string | undefined {
  if (closing) return open.pop() === name ? undefined : `closes <${name}>, which is not open`;
  if (open.length === 0 && (seen || name !== 'svg')) return 'must be one <svg> element';
  if (!ELEMENTS.has(name)) return `holds <${name}>, which may run or load something; use plain shapes`;
  for (const [, attribute = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
    const problem = attributeProblem(attribute, double ?? single ?? '');
    if (problem) return problem;
  }
  return undefined;
}

function attributeProblem(name: string, value: string): string | undefined {
  if (/^on/i.test(name)) return `has the event handler ${name}; remove it`;
  if (/^(xlink:)?href$/i.test(name))
    return value.startsWith('#') ? undefined : `points elsewhere with ${name}; point inside the file only`;
  if (/^xmlns(:|$)/.test(name) || name === 'xml:space') return undefined;
  if (name.includes(':')) return `has the attribute ${name}; remove it`;
  // An entity or a CSS escape could spell url( in another way.
  if (/&#|\\|@import|javascript:/i.test(value)) return `has a value in ${name} that cannot be read plainly; write it out`;
  if (/url\(\s*(?!["']?#)/i.test(value)) return `loads something from ${name}; point inside the file only`;
  return undefined;
}

function at(line: number, message: string): Fault {
  return { file: `icon.svg:${line}`, message };
}
