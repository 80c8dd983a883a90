import type { FieldFault, Form } from '../../sdk/index.ts';
import { said } from '../words/said.ts';

interface Input {
  readonly form: Form;
  readonly faults?: readonly FieldFault[] | undefined;
}

/** What is wrong with a field, with pointers from there on: `/config/items/2/price` is `/2/price` of `items`. */
export function faultsOf({ form, faults = [] }: Input, name: string): FieldFault[] {
  return faults.flatMap(({ pointer, message }) => {
    const parts = pointer.split('/').slice(1);
    // Whatever the caller's body holds the form in comes first.
    const at = parts.findIndex((part) => Object.hasOwn(form.properties, unescaped(part)));
    if (at < 0 || unescaped(parts[at] ?? '') !== name) return [];
    const rest = parts.slice(at + 1);
    return [{ pointer: rest.length > 0 ? `/${rest.join('/')}` : '', message: said(message) }];
  });
}

export function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
