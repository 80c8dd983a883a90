/** A place in a manifest: `['auth', 0, 'scopes', 1, 'reason']`. */
export type Path = readonly (string | number)[];

interface Frame {
  readonly kind: 'object' | 'array' | 'other';
  readonly path: Path;
  key: string | undefined;
  index: number;
}

interface Place {
  readonly path: Path;
  readonly line: number;
}

/**
 * The line (from 1) where `path`, or its nearest parent, is written in one of the object literals of `source`. A guess by
 * brackets and keys, not a parse: good for a message, undefined where it finds nothing.
 */
export function lineOf(source: string, path: Path): number | undefined {
  return placeOf(source, path)?.line;
}

/** The same, undefined where it is not the property itself or what should hold it. */
export function exactLineOf(source: string, path: Path): number | undefined {
  const place = placeOf(source, path);
  return place && place.path.length >= path.length - 1 ? place.line : undefined;
}

function placeOf(source: string, path: Path): Place | undefined {
  let best: Place | undefined;
  for (const place of placesIn(source)) {
    const fits = place.path.every((part, i) => part === path[i]) && place.path.length <= path.length;
    if (fits && place.path.length > (best?.path.length ?? 0)) best = place;
  }
  return best;
}

// Comments, texts (templates without care for nesting), words, and single signs.
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|[\w$]+|\n|\S/g;

function placesIn(source: string): Place[] {
  const scan = new Scan();
  let line = 1;
  for (const [token] of withoutImports(source).matchAll(TOKEN)) {
    if (!/^\/[/*]|^\n/.test(token)) scan.take(token, line);
    line += token.split('\n').length - 1;
  }
  return scan.places;
}

/** Their braces hold names, not properties; the lines stay. */
function withoutImports(source: string): string {
  return source.replace(/^import\b[^;'"]*?\bfrom\b/gm, (found) => '\n'.repeat(found.split('\n').length - 1));
}

class Scan {
  readonly places: Place[] = [];
  #frames: Frame[] = [{ kind: 'other', path: [], key: undefined, index: 0 }];

  take(token: string, line: number): void {
    const frame = this.#frames.at(-1);
    if (!frame) return;
    if (token === '}' || token === ']' || token === ')') {
      if (this.#frames.length > 1) this.#frames.pop();
    } else if (token === ',') {
      frame.key = undefined;
      frame.index += 1;
    } else {
      this.#note(frame, token, line);
      if (token === '{' || token === '[' || token === '(') this.#open(frame, token);
    }
  }

  #note(frame: Frame, token: string, line: number): void {
    if (frame.kind === 'array') this.places.push({ path: [...frame.path, frame.index], line });
    if (frame.kind === 'object' && frame.key === undefined && /^[\w$'"]/.test(token)) {
      frame.key = token.replace(/^['"]|['"]$/g, '');
      this.places.push({ path: [...frame.path, frame.key], line });
    }
  }

  #open(frame: Frame, token: string): void {
    const step = frame.kind === 'array' ? frame.index : frame.key;
    const within = frame.kind !== 'other' && step !== undefined && token !== '(';
    this.#frames.push({
      kind: token === '{' ? 'object' : token === '[' ? 'array' : 'other',
      path: within ? [...frame.path, step] : [],
      key: undefined,
      index: 0,
    });
  }
}

/** `auth[0].scopes[1].reason` */
export function written(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

/** `/auth/0/scopes` as a path. */
export function fromPointer(pointer: string): Path {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
}
