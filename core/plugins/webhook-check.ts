import type { Form, Incoming, Webhook, WebhookKeys } from '../sdk/index.ts';
import { incomingCall } from '../sdk/testing/simulate.ts';
import type { Fault } from './manifest-check.ts';
import { isTimeout, messageOf, within } from './run.ts';

const CHECK_MS = 2_000;
const GARBAGE = 'cGF0Y2hiYXk=';

/** Answers every name with the same text: a forger who happens to know which header is looked at. */
const EVERY_HEADER: Readonly<Record<string, string>> = new Proxy(
  {},
  { get: (_, name) => (typeof name === 'string' ? GARBAGE : undefined) },
);

/** Calls that nobody signed: each must be refused, with an answer and not an exception. */
const FORGERIES: readonly { readonly what: string; readonly headers: Readonly<Record<string, string>>; readonly raw: string }[] =
  [
    { what: 'an unsigned call', headers: {}, raw: '{"id":"1","type":"test"}' },
    { what: 'an unsigned call without a body', headers: {}, raw: '' },
    { what: 'a call whose every header is garbage', headers: EVERY_HEADER, raw: '{"id":"1","type":"test"}' },
    { what: 'a call of garbage', headers: EVERY_HEADER, raw: '\u0000\uffff{]' },
  ];

/** Tries to get forged calls past the plugin's `verify`, with the operator's keys set and without any. */
export function webhookFaults(webhook: Webhook, app: Form | undefined, config: Form): Fault[] {
  try {
    const message = within(CHECK_MS, () => firstAccepted(webhook, keyStates(app, config)));
    return message === undefined ? [] : [{ ...AT, message: `webhook.verify ${message}; ${ADVICE}` }];
  } catch (error) {
    const took = isTimeout(error)
      ? `takes longer than ${CHECK_MS / 1000} seconds over forged calls`
      : `fails: ${messageOf(error)}`;
    return [{ ...AT, message: `webhook.verify ${took}; ${ADVICE}` }];
  }
}

type KeyStates = readonly (readonly [string, WebhookKeys])[];

function keyStates(app: Form | undefined, config: Form): KeyStates {
  const set = { app: dummies(app), integration: dummies(config) };
  return [
    ['no key is set', { app: {}, integration: {} }],
    ['the keys are blank', { app: blanked(set.app), integration: blanked(set.integration) }],
    ['the keys are set', set],
  ];
}

function firstAccepted(webhook: Webhook, states: KeyStates): string | undefined {
  for (const forgery of FORGERIES) {
    for (const [state, keys] of states) {
      for (const method of ['POST', 'GET'] as const) {
        const answer = ask(webhook, { ...incomingCall(forgery.raw, forgery.headers), method }, keys);
        if (answer !== undefined) return `${answer} ${forgery.what} (${method}, ${state})`;
      }
    }
  }
  return undefined;
}

const AT = { file: 'index', path: ['webhook', 'verify'] };
const ADVICE = "answer false for anything that is not proven to be the provider's";

function ask(webhook: Webhook, req: Incoming, keys: WebhookKeys): string | undefined {
  try {
    const answer: unknown = webhook.verify(req, keys);
    if (answer === false) return undefined;
    // A promise nobody awaits must not end the process when it is rejected.
    Promise.resolve(answer).catch(() => undefined);
    return answer === true ? 'accepts' : `must answer true or false at once and answers ${kindOf(answer)} to`;
  } catch (error) {
    return `throws (${messageOf(error)}) for`;
  }
}

function kindOf(answer: unknown): string {
  if (typeof (answer as { then?: unknown } | undefined)?.then === 'function') return 'a promise';
  return answer === undefined ? 'nothing' : `a value of type ${typeof answer}`;
}

function dummies(form: Form | undefined): Record<string, string> {
  return Object.fromEntries(Object.keys(form?.properties ?? {}).map((name) => [name, `self-check-${name}`]));
}

function blanked(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, '']));
}
