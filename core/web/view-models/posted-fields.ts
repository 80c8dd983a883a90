import { isTable } from '../../plugins/form-kinds.ts';
import { gathered } from '../../plugins/form-post.ts';
import type { Field, Form } from '../../sdk/index.ts';
import { fromClock } from '../words/local-time.ts';
import { reader } from '../words/reader.ts';

/**
 * The fields of a posted page, by the names the form gives them. A list that was typed because its choices could not be
 * loaded comes as one text (its name is in `_lines`), and is cut into lines here; a time comes by the reader's clock.
 */
export function postedFields(form: Form, body: unknown): Record<string, unknown> {
  const posted = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const typed = [posted['_lines']].flat();
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(form.properties)) {
    const value = gathered(name, field, posted);
    if (value === undefined) continue;
    values[name] = typeof value === 'string' && typed.includes(name) ? value.split(/\r?\n/) : timed(field, value);
  }
  return values;
}

/** Also in the lines of a table. */
function timed(field: Field, value: unknown): unknown {
  if (field.type === 'string' && field.format === 'date-time' && typeof value === 'string') {
    return fromClock(value.trim(), reader().timeZone);
  }
  if (!isTable(field) || !Array.isArray(value)) return value;
  return value.map((line: unknown) => {
    if (typeof line !== 'object' || line === null) return line;
    const cells = Object.entries(line).map(([name, cell]) => {
      const column = field.items.properties[name];
      return [name, column ? timed(column, cell) : cell];
    });
    return Object.fromEntries(cells);
  });
}
