import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { FORM_SCHEMA } from './form-schema.ts';
import { fromPointer, type Path, written } from './locate.ts';
import { COMING_SOON_SCHEMA, MANIFEST_SCHEMA } from './manifest-schema.ts';

/** Something wrong in a plugin; `path` leads to the property of the manifest, where it is one. */
export interface Fault {
  readonly message: string;
  readonly path?: Path;
  /** Where it is not the manifest: `index`, `sandbox`, or a file with its line: `icon.svg:3`. */
  readonly file?: string;
}

let made: ReturnType<typeof makeValidators> | undefined;

/** Made when they are first asked for: that is a good part of a start, and most starts need none of them. */
function validators(): ReturnType<typeof makeValidators> {
  made ??= makeValidators();
  return made;
}

function makeValidators() {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    verbose: true,
    discriminator: true,
  });
  formats.default(ajv, ['regex']);
  ajv.addSchema(FORM_SCHEMA, 'form');
  return {
    whole: ajv.compile(MANIFEST_SCHEMA),
    comingSoon: ajv.compile(COMING_SOON_SCHEMA),
    form: ajv.getSchema('form') as ValidateFunction,
  };
}

/** What does not fit the shape of a manifest, in the order of the manifest's properties. */
export function manifestFaults(manifest: unknown): Fault[] {
  if (!isObject(manifest)) return [{ path: [], message: 'the manifest must be an object; pass it to definePlugin' }];
  return shapeFaults(manifest['comingSoon'] === true ? validators().comingSoon : validators().whole, manifest, []);
}

/** The same for a form outside the manifest, such as the input of an action. */
export function formFaults(form: unknown, at: Path): Fault[] {
  return shapeFaults(validators().form, form, at);
}

function shapeFaults(validate: ValidateFunction, value: unknown, at: Path): Fault[] {
  if (validate(value)) return [];
  const faults = (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames')
    .map((error) => explain(error, at));
  return faults.filter((fault, i) => faults.findIndex((other) => written(other.path ?? []) === written(fault.path ?? [])) === i);
}

function explain(error: ErrorObject, at: Path): Fault {
  const path = [...at, ...fromPointer(error.instancePath)];
  const { params, keyword } = error;
  switch (keyword) {
    case 'required': {
      const missing = [...path, String(params['missingProperty'])];
      return { path: missing, message: `${written(missing)} is missing${hint(propertyOf(error, params['missingProperty']))}` };
    }
    case 'additionalProperties':
      return unknownProperty(error, [...path, String(params['additionalProperty'])]);
    case 'discriminator':
      return wrongKind([...path, String(params['tag'])]);
    default:
      return { path, message: `${written(path)} ${complaint(error)}${hint(error.parentSchema)}` };
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function complaint({ keyword, params, data, propertyName }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return `must be ${TYPE_WORDS[String(params['type'])] ?? params['type']}`;
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'minLength':
    case 'minItems':
      return 'is too short';
    case 'maxLength':
      return `is longer than ${params['limit']} characters`;
    case 'pattern':
      if (propertyName !== undefined)
        return `has a field named "${propertyName}"; name it with letters and digits, the first one small`;
      return data === '' ? 'is empty' : `is ${JSON.stringify(data)}`;
    case 'format':
      return 'is not a regular expression';
    default:
      return `is not right (${keyword})`;
  }
}

function wrongKind(path: Path): Fault {
  const kinds = path.includes('items')
    ? "'string', 'number', 'integer' or 'boolean'"
    : "'string', 'number', 'integer', 'boolean', 'array' or 'object'";
  return { path, message: `${written(path)} must be ${path.at(-1) === 'method' ? "'oauth' or 'manual'" : kinds}` };
}

const ONLY_TEXTS = 'only text fields can be secret';

function unknownProperty(error: ErrorObject, path: Path): Fault {
  const name = path.at(-1);
  if (name === 'x-secret') {
    const why = path.includes('items')
      ? 'a table is shown and kept as it is, so ask for a secret in a field of its own'
      : ONLY_TEXTS;
    return { path, message: `${written(path)} is not possible here; ${why}` };
  }
  const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
  return { path, message: `${written(path)} is not known; known here are ${known.join(', ')}` };
}

function propertyOf(error: ErrorObject, name: unknown): unknown {
  return (error.parentSchema?.['properties'] as Record<string, unknown> | undefined)?.[String(name)];
}

function hint(schema: unknown): string {
  const direct = isObject(schema) ? (schema['$ref'] === 'form' ? FORM_SCHEMA : schema) : {};
  return typeof direct['description'] === 'string' ? `; ${direct['description']}` : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
