import { randomUUID } from 'node:crypto';
import type { SandboxEnv, SandboxInstance, SandboxPanel, SandboxRequest, SandboxResponse } from 'patchbay';
import { CallLog, findOperation, orRefusal, savedState } from 'patchbay/simulator';
import { accountRoutes } from './account-routes.ts';
import { Refusal } from './answers.ts';
import { Billing } from './billing.ts';
import { billingRoutes } from './billing-routes.ts';
import type { Route } from './call.ts';
import { commands } from './commands.ts';
import { API_VERSION, type Place, placeOf } from './demo.ts';
import { checkRight, type KeyState, keyOf, Throttle } from './gate.ts';
import { Hooks, type Secrets } from './hooks.ts';
import { Idempotency, type IdempotencyKeys } from './idempotency.ts';
import { moneyRoutes } from './money-routes.ts';
import { panel } from './panel.ts';
import { checkNames, paramsOf } from './params.ts';
import { peopleRoutes } from './people-routes.ts';
import { Shop } from './shop.ts';
import { newTrouble } from './trouble.ts';
import { type PlaceChanges, World } from './world.ts';

const ROUTES: readonly Route[] = [...accountRoutes, ...moneyRoutes, ...peopleRoutes, ...billingRoutes];

interface Saved {
  readonly version: 2;
  readonly epoch: number;
  readonly changes: PlaceChanges;
  readonly secrets: Secrets;
  readonly keys: KeyState;
  readonly idempotency: IdempotencyKeys;
  readonly delivered: number;
}

/** The provider, as far as its documents describe it. One object per hub; see the panel for its switches. */
export class Simulator implements SandboxInstance {
  readonly env: SandboxEnv;
  readonly hooks: Hooks;
  readonly trouble = newTrouble();
  readonly throttle = new Throttle();
  readonly commands: SandboxInstance['commands'];
  readonly log: CallLog;
  world: World;
  secrets: Secrets;
  keys: KeyState;
  idempotency: Idempotency;
  delivered: number;

  constructor(env: SandboxEnv) {
    this.env = env;
    this.log = new CallLog(env);
    const saved = savedState<Saved>(env, 2);
    this.secrets = saved?.secrets ?? {};
    this.keys = saved?.keys ?? { made: [], expired: [] };
    this.delivered = saved?.delivered ?? 0;
    this.world = this.#newWorld(saved);
    this.idempotency = new Idempotency(saved?.idempotency, () => this.save());
    this.hooks = new Hooks({
      env,
      log: this.log,
      world: () => this.world,
      secrets: () => this.secrets,
      delivered: () => this.#count(),
    });
    this.commands = commands(this);
    if (!saved) this.save();
  }

  /** Everything as on the first day; endpoints and keys made so far are gone. */
  reset(): void {
    this.trouble.clear();
    this.throttle.on = false;
    this.hooks.muted = false;
    this.secrets = {};
    this.keys = { made: [], expired: [] };
    this.delivered = 0;
    this.world = this.#newWorld(undefined);
    this.idempotency = new Idempotency(undefined, () => this.save());
    this.save();
  }

  get now(): number {
    return Math.floor(this.env.now().getTime() / 1000);
  }

  /** What may be done in an account; `request` is what its events say they came from. */
  shop(place: Place, request: { id: string | null; idempotency_key: string | null } = { id: null, idempotency_key: null }): Shop {
    const shop: Shop = new Shop({
      world: this.world,
      place,
      now: this.now,
      emit: (type, object, previous) => this.hooks.emit(place, this.event(shop, { type, object, previous, request })),
    });
    return shop;
  }

  event(shop: Shop, given: { type: string; object: object; previous?: object | undefined; request?: object }) {
    const { type, object, previous, request = null } = given;
    const data = { object: structuredClone(object), ...(previous && { previous_attributes: previous }) };
    return {
      id: shop.newId('evt'),
      object: 'event',
      api_version: API_VERSION,
      ...shop.common,
      data,
      pending_webhooks: 0,
      request,
      type,
    };
  }

  async handle(req: SandboxRequest): Promise<SandboxResponse> {
    const id = `req_${randomUUID().replaceAll('-', '').slice(0, 14)}`;
    const answer = await this.trouble.answer(req, (asked) => orRefusal(() => this.#answer(asked, id)));
    this.log.answered(req, answer);
    const version = { 'stripe-version': req.headers['stripe-version'] ?? API_VERSION };
    return { ...answer, headers: { ...version, 'request-id': id, ...answer.headers } };
  }

  panel(): SandboxPanel {
    return panel(this);
  }

  async close(): Promise<void> {
    this.hooks.close();
  }

  save(): void {
    const { world, secrets, keys, delivered } = this;
    const state: Saved = {
      version: 2,
      epoch: world.epoch,
      changes: world.changes,
      secrets,
      keys,
      delivered,
      idempotency: this.idempotency?.kept ?? {},
    };
    this.env.save(state);
  }

  #answer(req: SandboxRequest, id: string): SandboxResponse {
    const key = keyOf(req, this.keys);
    const place = placeOf(key.slug);
    const now = this.env.now().getTime();
    this.throttle.check(key.slug, now);
    checkVersion(req);
    const { found, params: ids } = operationOf(req);
    checkRight(key, place.account, found.right);
    const params = paramsOf(req);
    checkNames(params, found.params);
    const shop = this.shop(place, { id, idempotency_key: req.headers['idempotency-key'] ?? null });
    const { world, hooks } = this;
    const call = { shop, billing: new Billing(shop), hooks, world, place, params, id: ids[0] ?? '', path: req.path };
    const answer = () => ({ status: 200, body: found.run(call) });
    return this.idempotency.run(req, key.slug, { now, answer });
  }

  #newWorld(saved: Saved | undefined): World {
    // On the hour, so that simulators of one process share what never changes.
    const epoch = saved?.epoch ?? Math.floor(this.now / 3600) * 3600;
    return new World({ epoch, changes: saved?.changes, changed: () => this.save() });
  }

  #count(): void {
    this.delivered += 1;
    this.save();
  }
}

function operationOf(req: SandboxRequest) {
  const operation = findOperation(ROUTES, req);
  if (operation) return operation;
  const what = `Unrecognized request URL (${req.method}: ${req.path}).`;
  throw new Refusal(404, `${what} Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`);
}

/** `2026-10-28.endive`; none stands for the account's own. */
function checkVersion(req: SandboxRequest): void {
  const version = req.headers['stripe-version'];
  if (version === undefined || /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) return;
  throw new Refusal(400, `Invalid Stripe API version: ${version}`);
}
