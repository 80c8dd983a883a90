import type { Incoming, SandboxDemo, Webhook } from '../sdk/index.ts';
import { atAnotherAddress, every, firstDelivery, forgedHeaders, tampered, toIncoming } from '../sdk/testing/deliveries.ts';
import type { Rig } from '../sdk/testing/rig.ts';
import { attempt, inSimulator, silent } from './attempt-check.ts';
import type { Breach } from './check.ts';
import { FormChecker } from './form-check.ts';
import { messageOf } from './run.ts';

const PATIENCE_MS = 1_000;
const MOST_COMMANDS = 20;
const forms = new FormChecker();

interface Call {
  readonly rig: Rig;
  readonly webhook: Webhook<never>;
  readonly call: Incoming;
}

/** Takes a webhook the simulator signed, and tries every way to get a changed one past `verify`. */
export async function signedBreaches(open: () => Rig, trigger: SandboxDemo['webhook']): Promise<Breach[]> {
  const unmade = await subscriptionProblem(open);
  if (unmade)
    return [silent('P209', `webhook.subscribe fails at its simulator: ${unmade}; mend one of the two`, ['webhook', 'subscribe'])];
  const genuine = await firstGenuine(open, trigger);
  if (!genuine) return [inSimulator('P209', NO_WEBHOOK)];
  try {
    return [...forgeryBreaches(genuine), ...(await repeatBreaches(genuine))];
  } finally {
    await genuine.rig.close();
  }
}

const NO_WEBHOOK =
  'sends no webhook that `verify` accepts; sign one like the provider does in a command and name it: demo: { webhook: { command } }';

/** Where calls come only after a subscription, there are none to look at without it. */
async function subscriptionProblem(open: () => Rig): Promise<string | undefined> {
  const rig = open();
  try {
    return (await attempt(rig.subscribed())).error;
  } finally {
    await rig.close();
  }
}

async function firstGenuine(open: () => Rig, trigger: SandboxDemo['webhook']): Promise<Call | undefined> {
  const probe = open();
  const names = trigger ? [trigger.command] : Object.keys(probe.instance.commands).sort(bySound).slice(0, MOST_COMMANDS);
  await probe.close();
  for (const name of names) {
    const rig = open();
    const call = await sent(rig, name, trigger?.input);
    const webhook = rig.handlers.webhook as Webhook<never>;
    if (call && accepts(webhook, call, rig.keys)) return { rig, webhook, call };
    await rig.close();
  }
  return undefined;
}

/** Commands that sound like sending something come first. */
function bySound(a: string, b: string): number {
  const rank = (name: string) => (/webhook|event|send|add|create|new/i.test(name) ? 0 : 1);
  return rank(a) - rank(b);
}

async function sent(rig: Rig, name: string, input: Readonly<Record<string, unknown>> | undefined): Promise<Incoming | undefined> {
  const command = rig.instance.commands[name];
  if (!command) return undefined;
  const work = async () => {
    await rig.connect();
    await command.run(input ?? forms.check(command.input, {}, { partial: true }));
    return firstDelivery(rig, PATIENCE_MS);
  };
  const { value } = await attempt(work());
  return value ? toIncoming(value as Parameters<typeof toIncoming>[0]) : undefined;
}

function accepts(webhook: Webhook<never>, call: Incoming, keys: Rig['keys']): boolean {
  try {
    return webhook.verify(call, keys) !== false;
  } catch {
    // As the hub sees it: a call that cannot be judged is refused, yet the check of the load will have said so.
    return false;
  }
}

function forgeryBreaches({ rig, webhook, call }: Call): Breach[] {
  const { app, integration } = rig.keys;
  const moved = atAnotherAddress(webhook, call, rig.keys);
  const forgeries: [string, Incoming, Rig['keys']][] = [
    ...tampered(call.raw).map((raw): [string, Incoming, Rig['keys']] => [
      'a signed call with its body changed',
      { ...call, raw },
      rig.keys,
    ]),
    ['its call without the headers', { ...call, headers: {} }, rig.keys],
    ['its call with forged headers', { ...call, headers: forgedHeaders(call.headers) }, rig.keys],
    ...(moved ? [[AT_ADDRESS, moved, rig.keys] as [string, Incoming, Rig['keys']]] : []),
    ['a signed call while no key is set', call, { app: {}, integration: {} }],
    ['a signed call while the keys are blank', call, { app: every(app, ''), integration: every(integration, '') }],
    ['a call signed with another key', call, { app: every(app, 'other'), integration: every(integration, 'other') }],
  ];
  const accepted = new Set(forgeries.filter(([, forged, keys]) => accepts(webhook, forged, keys)).map(([what]) => what));
  return [...accepted].map((what) => ({
    ...AT_VERIFY,
    message: `webhook.verify accepts ${what}; compare the signature over req.raw${what === AT_ADDRESS ? ' and req.url' : ''}`,
  }));
}

const AT_ADDRESS = 'a signed call at another address, though it reads req.url';
const AT_VERIFY = { rule: 'P105', file: 'index', path: ['webhook', 'verify'] } as const;
const NO_ACCOUNT =
  'webhook.events names no account that identify or subscribe gave; give the externalId, or one of `accounts`, in `account`';
const AT_EVENTS = { rule: 'P205', file: 'index', path: ['webhook', 'events'] } as const;

async function repeatBreaches({ rig, webhook, call }: Call): Promise<Breach[]> {
  try {
    const [events, again] = [webhook.events(call), webhook.events(call)];
    if (events.length === 0) return [{ ...AT_EVENTS, message: 'webhook.events finds no message in a call of the simulator' }];
    const same = events.every(({ id }, i) => id !== '' && id === again[i]?.id);
    if (!same)
      return [
        { ...AT_EVENTS, message: "webhook.events gives the same message another id the second time; use the provider's id" },
      ];
    const { account, ctx } = await rig.connect();
    const accounts = [account.externalId, ...((await rig.subscribed())?.accounts ?? [])];
    if (webhook.scope === 'app' && !accounts.includes(events[0]?.account ?? '')) return [{ ...AT_EVENTS, message: NO_ACCOUNT }];
    const handled = async () => JSON.stringify(await Promise.all(events.map((event) => webhook.onEvent?.(ctx, event))));
    const [once, twice] = [await handled(), await handled()];
    if (once === twice) return [];
    return [{ ...AT_EVENTS, message: 'webhook.onEvent gives other effects the second time; derive them from the event alone' }];
  } catch (error) {
    return [{ ...AT_EVENTS, message: `webhook cannot handle a call of the simulator: ${messageOf(error)}` }];
  }
}
