import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Brand } from '../../config.ts';
import { brandCss } from './brand-css.ts';

/** A file under `/assets`, held in memory. `hash` changes with its bytes, so browsers may keep it for a year. */
export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly hash: string;
  /** The body pressed; made when it is first asked for. Pages are not: they hold a token beside what a caller may choose. */
  pressed(encoding: Encoding): Buffer;
}

const PRESSES = { br: brotliCompressSync, gzip: gzipSync };
export type Encoding = keyof typeof PRESSES;
/** The better one first. */
export const ENCODINGS: readonly Encoding[] = ['br', 'gzip'];

/** The one stylesheet: a first paint waits for the page and for this, and every page after it for itself alone. */
const STYLESHEET = 'app.css';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** All files of a folder by name; its stylesheets, and the brand's colour, as one: {@link STYLESHEET} first, then by name. */
export function readAssets(dir: string, brand: Brand): ReadonlyMap<string, Asset> {
  const files = readdirSync(dir).toSorted();
  const sheets = [STYLESHEET, ...files.filter((file) => extname(file) === '.css' && file !== STYLESHEET)];
  const css = sheets.map((file) => squeezed(readFileSync(join(dir, file), 'utf8'))).join('') + brandCss(brand.color);
  const others = files.filter((file) => extname(file) !== '.css');
  return new Map([
    [STYLESHEET, asset(STYLESHEET, Buffer.from(css))],
    ...others.map((file): [string, Asset] => {
      const body = readFileSync(join(dir, file));
      return [file, asset(file, extname(file) === '.js' ? Buffer.from(unexplained(body.toString())) : body)];
    }),
  ]);
}

function asset(file: string, body: Buffer): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const made = new Map<Encoding, Buffer>();
  const pressed = (encoding: Encoding) => {
    const known = made.get(encoding) ?? PRESSES[encoding](body);
    made.set(encoding, known);
    return known;
  };
  return { body, type: TYPES[extname(file)] ?? 'application/octet-stream', hash, pressed };
}

/** Without comments and the space between rules: a quarter of its bytes. Our sheets hold neither in a string. */
function squeezed(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replaceAll(';}', '}')
    .trim();
}

/** Without lines of comment and the space before the others. Our scripts hold no text of several lines. */
function unexplained(script: string): string {
  return script.replace(/^\s*(\/\/|\/?\*).*$/gm, '').replace(/^\s+/gm, '');
}
