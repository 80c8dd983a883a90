/** A value of a form body with bracket names: `data[merges][FNAME]=Ada` is `{ data: { merges: { FNAME: 'Ada' } } }`. */
export type Nested = { [name: string]: string | Nested };

/** Deeper names, and more fields, than this provider ever sends are somebody playing. */
const DEEPEST = 8;
const MOST_FIELDS = 2_000;

/** `undefined` for a body that is no form, or whose names contradict each other. */
export function parseForm(raw: Uint8Array): Nested | undefined {
  const body = Buffer.from(raw).toString('utf8');
  const root = empty();
  let count = 0;
  for (const [name, value] of new URLSearchParams(body)) {
    count += 1;
    const path = pathOf(name);
    if (count > MOST_FIELDS || !path || !put(root, path, value)) return undefined;
  }
  return root;
}

/** Without a prototype: a field may be called `__proto__`. */
function empty(): Nested {
  return Object.create(null) as Nested;
}

/** `data[merges][FNAME]` → its parts; `undefined` for brackets that do not match. */
function pathOf(name: string): string[] | undefined {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) return undefined;
  const inner = [...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map(([, part = '']) => part);
  return inner.length >= DEEPEST ? undefined : [match[1] ?? '', ...inner];
}

function put(root: Nested, path: readonly string[], value: string): boolean {
  let at = root;
  for (const part of path.slice(0, -1)) {
    const name = part === '' ? String(Object.keys(at).length) : part;
    const below = at[name] ?? empty();
    if (typeof below === 'string') return false;
    at[name] = below;
    at = below;
  }
  const last = path.at(-1) ?? '';
  const name = last === '' ? String(Object.keys(at).length) : last;
  if (typeof at[name] === 'object') return false;
  at[name] = value;
  return true;
}

/** As plain data, which can be stored. */
export function plain(nested: Nested): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(nested).map(([name, value]) => [name, typeof value === 'string' ? value : plain(value)]),
  );
}
