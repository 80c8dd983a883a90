import { createHash, randomBytes } from 'node:crypto';
import { v7, validate } from 'uuid';
import { NotFound, Rejected } from '../sdk/errors.ts';
import type { ApiKeyRow, ApiKeyStore, UsableKey } from './api-key-store.ts';
import { type Principal, type Role, type Scope, scopesOf } from './principal.ts';

/** A key as lists show it; the key itself is shown once, when it is made. */
export type ApiKeyView = Omit<ApiKeyRow, 'userId'> & { readonly email: string };

export interface NewApiKey {
  readonly user: { readonly id: string; readonly operator: boolean };
  readonly storeId: string;
  /** The user's role in the store: a key never opens more than its maker may. */
  readonly role: Role;
  readonly name: string;
  /** Default: all the user may have. */
  readonly scopes?: readonly Scope[] | undefined;
}

const SHOWN = 11;
const LAST_USED_STEP_MS = 60_000;
const KNOWN_MS = 1000;
const MOST_KNOWN = 1000;

/** Keys for programs: 256 random bits, only their hash is kept. */
export class ApiKeys {
  readonly #keys: ApiKeyStore;
  /** Hash → the key, for a moment: whoever calls often is not looked up each time. */
  readonly #known = new Map<string, { readonly row: UsableKey; readonly at: number }>();

  constructor(keys: ApiKeyStore) {
    this.#keys = keys;
  }

  /** @throws Rejected (`FORBIDDEN`) for a scope the user does not have */
  async create(input: NewApiKey): Promise<{ id: string; key: string; scopes: Scope[] }> {
    const allowed = scopesOf(input.role, input.user.operator);
    const scopes = [...new Set(input.scopes ?? allowed)];
    const beyond = scopes.find((scope) => !allowed.includes(scope));
    if (beyond)
      throw new Rejected(`You may not hand out the scope "${beyond}"; choose among ${allowed.join(', ')}.`, {
        code: 'FORBIDDEN',
      });
    const key = `pb_${randomBytes(32).toString('base64url')}`;
    const id = v7();
    const { storeId, name, user } = input;
    await this.#keys.insert({ id, storeId, userId: user.id, name, prefix: key.slice(0, SHOWN), hash: hashOf(key), scopes });
    return { id, key, scopes };
  }

  /** Undefined for a key that is unknown, revoked, or whose user is gone; of what another host did it hears within a second. */
  async verify(key: string): Promise<Principal | undefined> {
    if (!/^pb_[\w-]{43}$/.test(key)) return undefined;
    const row = await this.#find(hashOf(key));
    if (!row) return undefined;
    const { id, userId, email, operator, storeId, scopes } = row;
    return { kind: 'api-key', userId, email, operator, apiKeyId: id, storeId, scopes };
  }

  async list(storeId: string): Promise<ApiKeyView[]> {
    return (await this.#keys.list(storeId)).map(({ userId: _, ...view }) => view);
  }

  /** In use, of all stores; for the operator. */
  async listAll(): Promise<(ApiKeyView & { readonly storeName: string })[]> {
    return (await this.#keys.listAll()).map(({ userId: _, ...view }) => view);
  }

  /** @throws NotFound when the store has no such key in use */
  async revoke(storeId: string, id: string): Promise<void> {
    const revoked = validate(id) && validate(storeId) && (await this.#keys.revoke(storeId, id));
    for (const [hash, { row }] of this.#known) if (row.id === id) this.#known.delete(hash);
    if (!revoked) throw new NotFound('There is no such API key in use; list the keys to see which there are.');
  }

  async #find(hash: string): Promise<UsableKey | undefined> {
    const known = this.#known.get(hash);
    if (known && performance.now() - known.at < KNOWN_MS) return known.row;
    this.#known.delete(hash);
    const found = await this.#keys.byHash(hash);
    if (!found) return undefined;
    const used = isOld(found);
    if (used) await this.#keys.used(found.storeId, found.id);
    const row = used ? { ...found, lastUsedAt: new Date() } : found;
    this.#known.set(hash, { row, at: performance.now() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return row;
  }
}

function isOld({ lastUsedAt }: UsableKey): boolean {
  return !lastUsedAt || Date.now() - lastUsedAt.getTime() > LAST_USED_STEP_MS;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
