import { gathered } from '../../plugins/form-post.ts';
import type { Form } from '../../sdk/index.ts';

/**
 * The fields of a posted page, by the names the form gives them. A list that was typed because its choices could not be
 * loaded comes as one text (its name is in `_lines`), and is cut into lines here.
 */
export function postedFields(form: Form, body: unknown): Record<string, unknown> {
  const posted = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const typed = [posted['_lines']].flat();
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(form.properties)) {
    const value = gathered(name, field, posted);
    if (value === undefined) continue;
    values[name] = typeof value === 'string' && typed.includes(name) ? value.split(/\r?\n/) : value;
  }
  return values;
}
