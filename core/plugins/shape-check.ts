import { type Path, written } from './locate.ts';
import type { Fault } from './manifest-check.ts';

/** What each property of an object must be; `?`: or absent. */
export type Shape = Readonly<
  Record<
    string,
    'function' | 'function?' | 'text' | 'text?' | 'number' | 'object?' | 'list?' | 'form' | readonly (string | undefined)[]
  >
>;

/** What of `value` is not as `shape` says, and what it does not know. */
export function shapeFaults(value: unknown, shape: Shape, path: Path): Fault[] {
  if (!isObject(value)) return [at(path, 'must be an object')];
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(shape, key));
  return [
    ...unknown.map((key) => at([...path, key], `is not known; known here are ${Object.keys(shape).join(', ')}`)),
    ...Object.entries(shape).flatMap(([key, kind]) => {
      const wrong = partProblem(value[key], kind);
      return wrong ? [at([...path, key], `${value[key] === undefined ? 'is missing; it ' : ''}must be ${wrong}`)] : [];
    }),
  ];
}

export function at(path: Path, problem: string): Fault {
  return { file: 'index', path, message: `${written(path)} ${problem}` };
}

function partProblem(value: unknown, kind: Shape[string]): string | undefined {
  if (typeof kind !== 'string')
    return kind.includes(value as string)
      ? undefined
      : kind
          .filter(Boolean)
          .map((one) => `'${one}'`)
          .join(' or ');
  if (kind === 'form' || (kind.endsWith('?') && value === undefined)) return undefined;
  switch (kind.replace('?', '')) {
    case 'function':
      return typeof value === 'function' ? undefined : 'a function';
    case 'text':
      return typeof value === 'string' && value.trim() !== '' ? undefined : 'a text';
    case 'list':
      return Array.isArray(value) ? undefined : 'a list';
    case 'number':
      return Number.isInteger(value) && Number(value) >= 400 && Number(value) < 600 ? undefined : 'a status from 400 to 599';
    default:
      return isObject(value) ? undefined : 'an object';
  }
}

export function entries(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
