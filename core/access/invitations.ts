import type { Sql } from '../database/transaction.ts';
import { NotFound, Rejected, TryLater } from '../sdk/errors.ts';
import { checkEmail, prepared, publicUser, type User } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { Invitation, InvitationStore, InvitedRole } from './invitation-store.ts';
import type { LoginThrottle } from './login-throttle.ts';
import { type Actor, checkPerson } from './members.ts';
import type { MembershipStore } from './membership-store.ts';
import { newToken, tokenHash } from './token.ts';
import type { UserRow, UserStore } from './user-store.ts';

/** What leads to a person by mail, where the hub sends any. */
export interface InvitationMail {
  readonly to: string;
  readonly storeId: string | undefined;
  readonly storeName: string | null;
  readonly inviter: string;
  readonly role: InvitedRole;
  readonly url: string;
  readonly days: number;
}

interface InvitationsParts {
  readonly invitations: InvitationStore;
  readonly memberships: MembershipStore;
  readonly users: UserStore;
  readonly audit: Audit;
  readonly publicUrl: string;
  /** Counts mails to one address: nobody's mailbox is to be filled. */
  readonly throttle: LoginThrottle;
  /** Part of the transaction that makes the invitation. */
  readonly send: (mail: InvitationMail, sql: Sql) => Promise<unknown>;
}

/** An invitation with its link, which is known this once. */
export interface Invited {
  readonly invitation: Invitation;
  readonly url: string;
}

/** Where an invitation is to: a store, or the hub itself. */
export type InvitedTo = { readonly id: string; readonly name: string } | undefined;

/** Who accepts: somebody signed in, or somebody new with a password. */
export type Acceptance = { readonly userId: string } | { readonly password: string };

const DAYS = 7;
/** Nobody has so many guests; somebody who sends mail to strangers has. */
const MOST_OPEN = 100;

/** Ways in for people who are asked to join: a link that works once, for a week. */
export class Invitations {
  readonly #parts: InvitationsParts;

  constructor(parts: InvitationsParts) {
    this.#parts = parts;
  }

  /**
   * Ends an open invitation of the same address.
   * @throws Rejected: `/email` that is none, `CONFLICT` for who belongs already, `FORBIDDEN` for a role one may not give
   */
  async invite(to: InvitedTo, { email: given, role }: { email: string; role: InvitedRole }, actor: Actor): Promise<Invited> {
    const email = checkEmail(given);
    if (role !== 'staff') checkPerson(actor.principal);
    if (role === 'operator' && !actor.principal.operator)
      throw new Rejected('Only an operator may invite operators.', { code: 'FORBIDDEN' });
    if ((role === 'operator') !== (to === undefined)) throw new Error('operators are invited to the hub, others to a store');
    await this.#parts.throttle.guard({ email, ip: email }, async () => undefined);
    const { token, hash } = newToken();
    return this.#parts.invitations.transaction(async (sql) => {
      await this.#parts.invitations.lock(to?.id ?? null, sql);
      await this.#checkNew(to, email, sql);
      const fresh = { storeId: to?.id ?? null, email, role, inviter: actor.principal.email, tokenHash: hash, days: DAYS };
      return this.#told(await this.#parts.invitations.insert(fresh, sql), { token, action: 'invitation.create', actor, sql });
    });
  }

  /** With a new link; the one before ends. @throws NotFound */
  async resend(to: InvitedTo, id: string, actor: Actor): Promise<Invited> {
    const found = (await this.open(to)).find((one) => one.id === id);
    if (!found) throw gone();
    if (found.role !== 'staff') checkPerson(actor.principal);
    await this.#parts.throttle.guard({ email: found.email, ip: found.email }, async () => undefined);
    const { token, hash } = newToken();
    return this.#parts.invitations.transaction(async (sql) => {
      const anew = { tokenHash: hash, days: DAYS, inviter: actor.principal.email };
      const invitation = await this.#parts.invitations.renew(to?.id ?? null, id, anew, sql);
      if (!invitation) throw gone();
      return this.#told(invitation, { token, action: 'invitation.resend', actor, sql });
    });
  }

  /** @throws NotFound */
  revoke(to: InvitedTo, id: string, { principal, ip }: Actor): Promise<Invitation> {
    return this.#parts.invitations.transaction(async (sql) => {
      const invitation = await this.#parts.invitations.revoke(to?.id ?? null, id, sql);
      if (!invitation) throw gone();
      const { email, role } = invitation;
      const entry = { storeId: to?.id, principal, ip, action: 'invitation.revoke', target: id, detail: { email, role } };
      await this.#parts.audit.record(entry, sql);
      return invitation;
    });
  }

  /** Neither accepted nor revoked, newest first. */
  open(to: InvitedTo): Promise<Invitation[]> {
    return this.#parts.invitations.open(to?.id ?? null);
  }

  /** What a link invites to, and whether who is invited has a login here. @throws NotFound for a link that is used or ended */
  async read(token: string): Promise<{ invitation: Invitation; known: boolean }> {
    const invitation = await this.#parts.invitations.byToken(tokenHash(token));
    if (!invitation) throw ended();
    return { invitation, known: (await this.#parts.users.byEmail(invitation.email)) !== undefined };
  }

  /**
   * Makes the user where there is none, and lets them in. Never takes a right away from who has more already.
   * @throws NotFound as {@link read} does; Rejected for a weak password, or when somebody else is signed in
   */
  async accept(token: string, by: Acceptance, ip: string | undefined): Promise<{ user: User; invitation: Invitation }> {
    const { invitation: wanted } = await this.read(token);
    const fresh = 'password' in by ? await prepared({ email: wanted.email, password: by.password }) : undefined;
    return this.#parts.invitations.transaction(async (sql) => {
      const invitation = await this.#parts.invitations.accept(tokenHash(token), sql);
      if (!invitation) throw ended();
      const made = fresh ? await this.#parts.users.insert({ ...fresh, operator: false }, sql) : undefined;
      if (fresh && !made)
        throw new Rejected('There is a login with this address already; log in, then open the link again.', { code: 'CONFLICT' });
      const user = made ?? (await this.#signedIn(invitation, 'userId' in by ? by.userId : '', sql));
      const joined = await this.#join(invitation, user, sql);
      const { email, storeId, role, inviter, id: target } = invitation;
      const detail = { email, role, inviter, user: user.id, fresh: made !== undefined };
      await this.#parts.audit.record(
        { storeId: storeId ?? undefined, actor: email, action: 'invitation.accept', target, detail, ip },
        sql,
      );
      return { user: publicUser(joined), invitation };
    });
  }

  async #join({ storeId, role }: Invitation, user: UserRow, sql: Sql): Promise<UserRow> {
    if (role === 'operator') return (await this.#parts.users.setOperator(user.id, true, sql)) ?? user;
    if (!storeId) return user;
    await this.#parts.memberships.lock(storeId, sql);
    const before = await this.#parts.memberships.roleOf(storeId, user.id, sql);
    if (before !== 'owner') await this.#parts.memberships.join({ storeId, userId: user.id, role }, sql);
    return user;
  }

  async #signedIn({ email }: Invitation, userId: string, sql: Sql): Promise<UserRow> {
    const user = await this.#parts.users.byId(userId, sql);
    if (user && !user.disabledAt && user.email.toLowerCase() === email.toLowerCase()) return user;
    throw new Rejected(`This invitation is for ${email}; log in with that address.`, { code: 'FORBIDDEN' });
  }

  async #checkNew(to: InvitedTo, email: string, sql: Sql): Promise<void> {
    const known = await this.#parts.users.byEmail(email, sql);
    const belongs = known && (to ? await this.#parts.memberships.roleOf(to.id, known.id, sql) : known.operator);
    if (belongs) {
      const message = to ? `${known.email} belongs to ${to.name} already.` : `${known.email} is an operator already.`;
      throw new Rejected(message, { code: 'CONFLICT', fields: [{ pointer: '/email', message }] });
    }
    if ((await this.#parts.invitations.open(to?.id ?? null, sql)).length >= MOST_OPEN) {
      throw new TryLater(`There are ${MOST_OPEN} open invitations; revoke some before you make more.`, {
        code: 'RATE_LIMIT_EXCEEDED',
      });
    }
  }

  async #told(invitation: Invitation, { token, action, actor, sql }: Telling): Promise<Invited> {
    const { id: target, storeId, storeName, email, role, inviter } = invitation;
    const url = `${this.#parts.publicUrl}/invitations/${token}`;
    const { principal, ip } = actor;
    const store = storeId ?? undefined;
    await this.#parts.audit.record({ storeId: store, principal, ip, action, target, detail: { email, role } }, sql);
    await this.#parts.send({ to: email, storeId: store, storeName, inviter, role, url, days: DAYS }, sql);
    return { invitation, url };
  }
}

interface Telling {
  readonly token: string;
  readonly action: string;
  readonly actor: Actor;
  readonly sql: Sql;
}

function gone(): NotFound {
  return new NotFound('There is no such open invitation; it may have been accepted or revoked.');
}

function ended(): NotFound {
  return new NotFound(
    'This invitation is not valid any more: it was used, taken back, or is over a week old. Ask for a new one.',
  );
}
