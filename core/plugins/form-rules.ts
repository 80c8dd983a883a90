import { type Form, hubError, type RowForm } from '../sdk/index.ts';
import { FormChecker } from './form-check.ts';
import { isTable, keyLoaderOf, loaderOf } from './form-kinds.ts';
import { markFaults } from './form-marks.ts';
import { type Path, written } from './locate.ts';
import type { Fault } from './manifest-check.ts';
import { messageOf } from './run.ts';

const checker = new FormChecker();

/** What a well-shaped form may still get wrong: patterns that do not compile, defaults it would refuse itself, loaders nobody wrote. */
export function formRuleFaults(form: Form, at: Path, loaders: readonly string[] | undefined): Fault[] {
  const tables = tablesOf(form, at);
  const required = [...requiredFaults(form, at), ...tables.flatMap(([rows, place]) => requiredFaults(rows, place))];
  if (required.length > 0) return required;
  try {
    checker.compile(form);
  } catch (error) {
    return [{ path: at, message: `${written(at)} does not compile: ${messageOf(error)}` }];
  }
  return [
    ...defaultFaults(form, at),
    ...markFaults(form, at),
    ...loaderFaults(form, at, loaders),
    ...tables.flatMap(([rows, place]) => formRuleFaults(rows, place, loaders)),
  ];
}

/** The columns of a table are a form of their own. */
function tablesOf(form: Form, at: Path): (readonly [RowForm, Path])[] {
  const fields = Object.entries(form.properties);
  return fields.flatMap(([name, field]) =>
    isTable(field) ? [[field.items, [...at, 'properties', name, 'items']] as const] : [],
  );
}

function requiredFaults(form: Form, at: Path): Fault[] {
  return (form.required ?? [])
    .filter((name) => !Object.hasOwn(form.properties, name))
    .map((name) => {
      const path = [...at, 'required'];
      return { path, message: `${written(path)} names "${name}", which is not one of the fields` };
    });
}

function defaultFaults(form: Form, at: Path): Fault[] {
  const given = Object.entries(form.properties).filter(([, field]) => field.default !== undefined);
  return given.flatMap(([name, field]): Fault[] => {
    const path = [...at, 'properties', name, 'default'];
    if ('x-secret' in field) return [{ path, message: `${written(path)} is a secret in the source; leave it out` }];
    try {
      checker.check(form, { [name]: field.default }, { partial: true });
      return [];
    } catch (error) {
      return [{ path, message: `${written(path)} is refused by its own field: ${hubError(error)?.message ?? messageOf(error)}` }];
    }
  });
}

/** `loaders` undefined: this form is filled in before there is a connection that a loader could ask. */
function loaderFaults(form: Form, at: Path, loaders: readonly string[] | undefined): Fault[] {
  return Object.entries(form.properties).flatMap(([name, field]): Fault[] => {
    const asked = [
      ['x-keys', keyLoaderOf(field)],
      ['x-options', loaderOf(field)],
    ] as const;
    return asked.flatMap(([part, loader]) => {
      if (loader === undefined || loaders?.includes(loader)) return [];
      const path = [...at, 'properties', name, part];
      return [{ path, message: `${written(path)} ${loaderProblem(loader, loaders)}` }];
    });
  });
}

function loaderProblem(loader: string, loaders: readonly string[] | undefined): string {
  if (!loaders) return 'is not possible here; before the account is connected there is nobody to ask';
  const known = loaders.length > 0 ? `there are ${loaders.join(', ')}` : 'there are no loaders';
  return `names the loader "${loader}", which is missing in \`options\` of the handlers; ${known}`;
}
