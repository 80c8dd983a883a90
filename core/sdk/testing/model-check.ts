import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Account, Item, ModelKind, Stream } from '../index.ts';
import { MODEL_SHAPES } from './model-shapes.ts';

const ajv = new Ajv2020({ strict: false, verbose: true });
const known = new Map<ModelKind, ValidateFunction>();

/**
 * Reads each record in the stream's shared shape, as the hub does when somebody asks for it.
 * @returns what is wrong with the first one that does not read so; undefined when all do
 */
export function modelProblem(stream: Pick<Stream<never>, 'model'>, items: readonly Item[], account: Account): string | undefined {
  const { model } = stream;
  if (!model) return undefined;
  for (const item of items) {
    if ('deleted' in item) continue;
    const problem = oneProblem(() => model.of(structuredClone(item.data), account), model.kind);
    if (problem) return `reads the record ${item.id} as a ${model.kind} that ${problem}`;
  }
  return undefined;
}

function oneProblem(read: () => unknown, kind: ModelKind): string | undefined {
  try {
    return shapeProblem(kind, read());
  } catch (error) {
    return `throws: ${error instanceof Error ? error.message : error}`;
  }
}

/** What a value has against being of this shape: `has amount.amount 19.99, which must be a whole number, …`. */
function shapeProblem(kind: ModelKind, value: unknown): string | undefined {
  let validate = known.get(kind);
  if (!validate) {
    validate = ajv.compile(MODEL_SHAPES[kind]);
    known.set(kind, validate);
  }
  return validate(value) ? undefined : said(validate.errors?.[0]);
}

function said(error: ErrorObject | undefined): string {
  if (!error) return 'is not of its shape';
  const { keyword, params, data, parentSchema, instancePath } = error;
  const at = instancePath.slice(1).replaceAll('/', '.');
  const inside = at === '' ? '' : ` in ${at}`;
  if (keyword === 'additionalProperties') return `has a field "${params['additionalProperty']}"${inside} that it does not know`;
  if (keyword === 'required') return `lacks "${params['missingProperty']}"${inside}`;
  const allowed = keyword === 'enum' ? `one of ${(params['allowedValues'] as unknown[]).join(', ')}` : undefined;
  const wanted = allowed ?? (parentSchema?.['description'] as string | undefined) ?? `of the type ${params['type']}`;
  return `has ${at === '' ? 'the value' : at} ${JSON.stringify(data)}, which must be ${wanted}`;
}
