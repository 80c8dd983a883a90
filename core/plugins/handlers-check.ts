import type { Form, Manifest } from '../sdk/index.ts';
import { MODEL_KINDS } from '../sdk/testing/model-shapes.ts';
import { isSecret } from './form-check.ts';
import { isList } from './form-kinds.ts';
import { formRuleFaults } from './form-rules.ts';
import type { Path } from './locate.ts';
import { type Fault, formFaults } from './manifest-check.ts';
import { at, entries, isObject, type Shape, shapeFaults } from './shape-check.ts';

const HANDLERS: Shape = {
  identify: 'function',
  test: 'function?',
  streams: 'object?',
  webhook: 'object?',
  actions: 'object?',
  options: 'object?',
  explain: 'function?',
  authorize: 'function?',
  pace: 'function?',
  strategy: 'function?',
  refresh: 'function?',
  migrateConfig: 'function?',
  disconnect: 'function?',
  dispose: 'function?',
  todo: 'function?',
};
const STREAM: Shape = {
  title: 'text',
  mode: ['incremental', 'full', undefined],
  sync: 'function?',
  covers: 'function?',
  follows: 'list?',
  methods: 'list?',
  model: 'object?',
  edit: 'object?',
};
const EDIT: Shape = { write: 'text', read: 'text', input: 'function' };
const ACTION: Shape = {
  title: 'text',
  description: 'text?',
  methods: 'list?',
  input: 'form',
  barred: 'function?',
  run: 'function',
};
const WEBHOOK: Shape = {
  scope: ['app', 'integration'],
  retryStatus: 'number',
  verify: 'function',
  events: 'function',
  challenge: 'function?',
  ack: 'function?',
  onEvent: 'function?',
  subscribe: 'function?',
  follows: 'list?',
  unsubscribe: 'function?',
};

/** Are the declared handlers, streams, actions, loaders and the webhook well formed? */
export function handlerFaults(handlers: unknown, manifest: Manifest): Fault[] {
  if (!isObject(handlers))
    return [{ file: 'index', message: 'definePlugin needs the handlers as its second argument, `identify` at least' }];
  const shape = shapeFaults(handlers, HANDLERS, []);
  if (shape.length > 0) return shape;
  const loaders = Object.keys(entries(handlers['options']));
  return [
    ...each(handlers['streams'], 'streams', STREAM),
    ...each(handlers['actions'], 'actions', ACTION),
    ...Object.entries(entries(handlers['options']))
      .filter(([, loader]) => typeof loader !== 'function')
      .map(([name]) => at(['options', name], 'must be a function')),
    ...(handlers['webhook'] === undefined ? [] : shapeFaults(handlers['webhook'], WEBHOOK, ['webhook'])),
    ...modelFaults(handlers['streams']),
    ...editFaults(handlers['streams'], Object.keys(entries(handlers['actions']))),
    ...followFaults(handlers['webhook'], ['webhook'], manifest),
    ...streamFollowFaults(handlers['streams'], manifest),
    ...actionFormFaults(handlers['actions'], loaders),
    ...recordFieldFaults(handlers['actions'], Object.keys(entries(handlers['streams']))),
    ...chosenStreamFaults(manifest, Object.keys(entries(handlers['streams']))),
  ];
}

/** A field that takes the id of a record, or one of its fields, names the stream it is of. */
function recordFieldFaults(actions: unknown, streams: readonly string[]): Fault[] {
  return Object.entries(entries(actions)).flatMap(([action, declared]) => {
    const { properties } = (declared as { input?: Partial<Form> }).input ?? {};
    return Object.entries(entries(properties)).flatMap(([name, field]) => {
      const [stream] = String((field as { 'x-record'?: unknown })['x-record'] ?? '').split('.');
      if (!stream || streams.includes(stream)) return [];
      const path = ['actions', action, 'input', 'properties', name, 'x-record'];
      return [at(path, `names "${stream}", which is none of the streams: ${streams.join(', ') || 'there are none'}`)];
    });
  });
}

function each(value: unknown, where: string, shape: Shape): Fault[] {
  return Object.entries(entries(value)).flatMap(([name, entry]) => {
    if (!/^[a-z][a-zA-Z0-9-]*$/.test(name)) {
      return [at([where, name], 'is no name; use letters, digits and hyphens, the first one a small letter')];
    }
    return shapeFaults(entry, shape, [where, name]);
  });
}

/** Is each shared shape one there is, with the function that reads it? */
function modelFaults(streams: unknown): Fault[] {
  return Object.entries(entries(streams)).flatMap(([name, stream]): Fault[] => {
    const model = isObject(stream) ? stream['model'] : undefined;
    if (!isObject(model)) return [];
    const path = ['streams', name, 'model'];
    return [
      ...(MODEL_KINDS.includes(String(model['kind'])) ? [] : [at([...path, 'kind'], `must be one of ${MODEL_KINDS.join(', ')}`)]),
      ...(typeof model['of'] === 'function' ? [] : [at([...path, 'of'], 'must be a function')]),
    ];
  });
}

/** Can what is changed in the hub be written and read by actions there are? */
function editFaults(streams: unknown, actions: readonly string[]): Fault[] {
  return Object.entries(entries(streams)).flatMap(([name, stream]): Fault[] => {
    const edit = isObject(stream) ? stream['edit'] : undefined;
    if (!isObject(edit)) return [];
    const unknown = ['write', 'read'].filter((part) => typeof edit[part] === 'string' && !actions.includes(String(edit[part])));
    return [
      ...shapeFaults(edit, EDIT, ['streams', name, 'edit']),
      ...unknown.map((part) => at(['streams', name, 'edit', part], `names "${edit[part]}", which is no action of this plugin`)),
    ];
  });
}

/** A subscription or a stream can follow what can be set, and nothing else. */
function followFaults(follower: unknown, path: Path, { config }: Manifest): Fault[] {
  const follows: unknown = isObject(follower) ? follower['follows'] : undefined;
  if (!Array.isArray(follows)) return [];
  const known = Object.keys(config.properties);
  const unknown = follows.filter((name) => !known.includes(name));
  return unknown.map((name) =>
    at(
      [...path, 'follows'],
      `names "${name}", which is not one of the settings; ${known.length > 0 ? `there are ${known.join(', ')}` : 'there are none'}`,
    ),
  );
}

/** What was chosen before is told apart by `covers`; a secret chooses nothing. */
function streamFollowFaults(streams: unknown, manifest: Manifest): Fault[] {
  return Object.entries(entries(streams)).flatMap(([name, stream]): Fault[] => {
    const follows: unknown = isObject(stream) ? stream['follows'] : undefined;
    if (!isObject(stream) || !Array.isArray(follows) || follows.length === 0) return [];
    const path = ['streams', name, 'follows'];
    const secret = follows.filter((field) => isSecret(manifest.config.properties[String(field)]));
    return [
      ...followFaults(stream, ['streams', name], manifest),
      ...secret.map((field) => at(path, `names "${field}", which is a secret; follow what chooses the records`)),
      ...(typeof stream['covers'] === 'function'
        ? []
        : [at(path, "needs `covers`, which says 'unchosen' for records of another choice")]),
    ];
  });
}

function actionFormFaults(actions: unknown, loaders: readonly string[]): Fault[] {
  return Object.entries(entries(actions)).flatMap(([name, action]): Fault[] => {
    const path = ['actions', name, 'input'];
    const input = isObject(action) ? action['input'] : undefined;
    const shape = formFaults(input, path);
    const faults = shape.length > 0 ? shape : formRuleFaults(input as Form, path, loaders);
    return faults.map((fault) => ({ ...fault, file: 'index' }));
  });
}

/** A setting named `streams` chooses what is synced: it may offer only what there is. */
function chosenStreamFaults(manifest: Manifest, streams: readonly string[]): Fault[] {
  const field = manifest.config.properties['streams'];
  const offered = isList(field) ? (field.items.enum ?? []) : [];
  const path = ['config', 'properties', 'streams', 'items', 'enum'];
  return offered
    .filter((name) => !streams.includes(name))
    .map((name) => ({
      path,
      message: `config.properties.streams offers "${name}", which is not one of the streams (${streams.join(', ')})`,
    }));
}
