/** What an API key (or a person) may do; each includes the ones before it. */
export const SCOPES = ['read', 'sync', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** `owner` manages a store; `staff` may view, test and sync. */
export const ROLES = ['owner', 'staff'] as const;
export type Role = (typeof ROLES)[number];

/** Who is calling, however they proved it. */
export interface Principal {
  readonly kind: 'session' | 'api-key';
  readonly userId: string;
  readonly email: string;
  /** The hub's administrator: owner of every store. */
  readonly operator: boolean;
  readonly sessionId?: string;
  readonly apiKeyId?: string;
  /** The one store an API key opens. */
  readonly storeId?: string;
  readonly scopes: readonly Scope[];
}

/** Work done later in the name of who asked for it, in the one store it was asked for. */
export function inNameOf({ id, email, operator }: { id: string; email: string; operator: boolean }, storeId: string): Principal {
  return { kind: 'api-key', userId: id, email, operator, storeId, scopes: ['write'] };
}

/** Do these scopes cover `need`? `write` covers `sync` and `read`. */
export function covers(scopes: readonly Scope[], need: Scope): boolean {
  return scopes.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(need));
}

/** Everything a person of this role may hand to an API key. */
export function scopesOf(role: Role, operator: boolean): readonly Scope[] {
  if (operator) return SCOPES;
  return role === 'owner' ? ['read', 'sync', 'write'] : ['read', 'sync'];
}
