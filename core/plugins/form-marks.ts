import type { Field, Form, RowForm } from '../sdk/index.ts';
import { type Path, written } from './locate.ts';
import type { Fault } from './manifest-check.ts';

type Marked = readonly [name: string, field: Field, path: Path];

/** Annotations that mean something in some forms only, or beside something else only. */
export function markFaults(form: Form | RowForm, at: Path): Fault[] {
  return [...endFaults(form, at), ...advancedFaults(form, at)];
}

/** What is taken from the end of another field: see `withEnds` of the connections. */
function endFaults(form: Form | RowForm, at: Path): Fault[] {
  return marked(form, at, 'x-end-of').flatMap(([name, field, path]): Fault[] => {
    const problem = field.type === 'string' ? endProblem(form, at, [name, field]) : undefined;
    return problem === undefined ? [] : [{ path, message: `${written(path)} ${problem}` }];
  });
}

function endProblem(form: Form | RowForm, at: Path, [name, field]: [string, Extract<Field, { type: 'string' }>]) {
  if (at[0] !== 'auth' || isColumn(at)) return 'is not possible here; only the keys that an owner pastes are filled in so';
  const source = field['x-end-of'] ?? '';
  const others = Object.keys(form.properties).filter((one) => one !== name && form.properties[one]?.type === 'string');
  if (!others.includes(source)) {
    return `names "${source}", which is not another text field of the form; ${others.length > 0 ? `choose one of ${others.join(', ')}` : 'there is none'}`;
  }
  if (field.pattern === undefined) return 'needs a `pattern` beside it: without one, any end of a key would be taken';
  if (!form.required?.includes(name)) return undefined;
  return 'is on a required field, which nobody may leave empty; take it out of `required`';
}

/** Nobody who fills in a form may have to look into what is folded. */
function advancedFaults(form: Form | RowForm, at: Path): Fault[] {
  return marked(form, at, 'x-advanced').flatMap(([name, field, path]): Fault[] => {
    if (at[0] === 'auth' || isColumn(at)) {
      return [
        { path, message: `${written(path)} is not possible here; neither keys that an owner pastes nor columns are folded` },
      ];
    }
    if (!form.required?.includes(name) || field.default !== undefined) return [];
    return [{ path, message: `${written(path)} folds a required field; give it a default, or leave it unfolded` }];
  });
}

function marked(form: Form | RowForm, at: Path, mark: 'x-end-of' | 'x-advanced'): Marked[] {
  return Object.entries(form.properties)
    .filter(([, field]) => Object.hasOwn(field, mark))
    .map(([name, field]) => [name, field, [...at, 'properties', name, mark]]);
}

function isColumn(at: Path): boolean {
  return at.includes('items');
}
