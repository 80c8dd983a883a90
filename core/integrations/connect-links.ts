import { createHash, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { v7 } from 'uuid';
import type { Audit } from '../access/audit.ts';
import { inNameOf, type Principal } from '../access/principal.ts';
import type { StoreView } from '../access/stores.ts';
import { NotFound, Rejected, sameText } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import type { Connect, Connected } from './connect.ts';
import type { ConnectLink, ConnectLinkStore } from './connect-link-store.ts';

export type { ConnectLink } from './connect-link-store.ts';

export interface ConnectLinksOptions {
  readonly links: ConnectLinkStore;
  readonly connect: Connect;
  readonly audit: Audit;
  readonly accounts: { find(id: string): Promise<{ id: string; email: string; operator: boolean } | undefined> };
  readonly publicUrl: string;
  /** Where links may lead back to: URLs, each with all that begins like it. */
  readonly returnUrls: readonly string[];
  readonly vault: Pick<Vault, 'seal' | 'open'>;
}

export interface NewLink {
  readonly store: StoreView;
  readonly principal: Principal;
  readonly pluginId: string;
  readonly returnUrl: string;
  readonly integrationId?: string | undefined;
  readonly name?: string | undefined;
}

export interface MadeLink {
  readonly link: ConnectLink;
  /** Good for 30 minutes and one connection. */
  readonly url: string;
  /** Base64url; the result is signed with it. */
  readonly resultKey: string;
}

const LIFETIME_SECONDS = 30 * 60;
const RESULT_SECONDS = 10 * 60;

/** Lets a store's own app send its owner through connecting, in the hub's brand and without a login of the hub. */
export class ConnectLinks {
  readonly #parts: ConnectLinksOptions;

  constructor(parts: ConnectLinksOptions) {
    this.#parts = parts;
  }

  /** @throws Rejected for a plugin that cannot be connected now, or a `returnUrl` outside of the allowed ones */
  async make({ store, principal, pluginId, returnUrl, integrationId, name }: NewLink): Promise<MadeLink> {
    await this.#parts.connect.check({ store, pluginId, integrationId, name });
    this.#checkReturn(returnUrl);
    const [id, token, resultKey] = [v7(), newSecret(), newSecret()];
    const place = resultKeyPlace({ storeId: store.id, id });
    const link = await this.#parts.links.insert({
      ...{ id, storeId: store.id, userId: principal.userId, apiKeyId: principal.apiKeyId },
      ...{ pluginId, integrationId, name, returnUrl },
      tokenHash: hashOf(token),
      sealedResultKey: await this.#parts.vault.seal(place, resultKey),
      lifetimeSeconds: LIFETIME_SECONDS,
    });
    const entry = { storeId: store.id, principal, action: 'connect-link.create', target: link.id, detail: { plugin: pluginId } };
    await this.#parts.audit.record(entry);
    return { link, url: `${this.#parts.publicUrl}/connect/${token}`, resultKey };
  }

  /** @throws NotFound */
  async get(storeId: string, id: string): Promise<ConnectLink> {
    const link = await this.#parts.links.find(storeId, id);
    if (link) return link;
    throw new NotFound('There is no such link in this store; it may have ended a while ago.');
  }

  /** What a link is for, without opening it. @throws as `open` */
  async look(token: string, browser: string): Promise<ConnectLink> {
    return this.#usable(await this.#ofToken(token), browser);
  }

  /**
   * For the browser that holds `browser`; the first one to come is the one.
   * @throws NotFound; Rejected (`FORBIDDEN`) for any other browser, (`CONFLICT`) for a link that has ended
   */
  async open(token: string, browser: string): Promise<ConnectLink> {
    const found = this.#usable(await this.#ofToken(token), browser);
    if (await this.#parts.links.bind(found, hashOf(browser))) {
      await this.#record(found, 'connect-link.open', {});
    }
    return this.#usable(await this.#ofToken(token), browser);
  }

  /** The link whose consent this is, if it was begun from one; in the browser that began it. @throws as `open` */
  async ofState(state: string | undefined, browser: string): Promise<ConnectLink | undefined> {
    const link = state ? await this.#parts.links.byState(hashOf(state)) : undefined;
    return link && this.#usable(link, browser);
  }

  /** In whose name it connects. @throws Rejected when that person is gone */
  async principalOf({ userId, storeId }: ConnectLink): Promise<Principal> {
    const user = await this.#parts.accounts.find(userId);
    if (!user) throw new Rejected('Whoever made this link is no longer here; ask for a new one.', { code: 'FORBIDDEN' });
    return inNameOf(user, storeId);
  }

  /** Remembers which consent was begun from it. */
  async began(link: ConnectLink, authorizeUrl: string): Promise<void> {
    const state = new URL(authorizeUrl).searchParams.get('state');
    if (state) await this.#parts.links.began(link, hashOf(state));
  }

  /** Ends it. @returns where to send the browser, with the signed result */
  async finish(link: ConnectLink, connected: Connected | undefined): Promise<string> {
    const resultKey = await this.#parts.vault.open(resultKeyPlace(link), link.sealedResultKey ?? '');
    const integration = connected?.integration;
    const status = connected ? 'connected' : 'cancelled';
    const ended = await this.#parts.links.end(link, { status, ...(integration && { integrationId: integration.id }) });
    if (ended)
      await this.#record(link, `connect-link.${status}`, { plugin: link.pluginId, integration: integration?.id ?? null });
    const claims = {
      plugin: link.pluginId,
      status,
      integration: integration?.id ?? null,
      account: integration?.account?.label ?? null,
    };
    const result = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(this.#parts.publicUrl)
      .setSubject(link.id)
      .setIssuedAt()
      .setExpirationTime(`${RESULT_SECONDS}s`)
      .sign(Buffer.from(resultKey, 'base64url'));
    const back = new URL(link.returnUrl);
    back.searchParams.set('result', result);
    return back.href;
  }

  async #ofToken(token: string): Promise<ConnectLink> {
    const link = await this.#parts.links.byToken(hashOf(token));
    if (link) return link;
    throw new NotFound('This link is not one of ours; ask for a new one where you got it.');
  }

  #usable(link: ConnectLink, browser: string): ConnectLink {
    if (link.binding !== null && !sameText(link.binding, hashOf(browser))) {
      throw new Rejected('This link was opened in another browser; it works in that one only. Ask for a new one.', {
        code: 'FORBIDDEN',
      });
    }
    if (link.status === 'connected' || link.status === 'cancelled') {
      throw new Rejected('This link was used already; ask for a new one.', { code: 'CONFLICT' });
    }
    if (link.keyGone) {
      throw new Rejected('The key this link was made with is no longer in force; ask for a new link.', { code: 'FORBIDDEN' });
    }
    // Nobody could read its result: it was made by a version that signed with something else.
    if (link.sealedResultKey === null) {
      throw new Rejected('This link was made before this hub was brought up to date; ask for a new one.', { code: 'CONFLICT' });
    }
    if (link.expired) throw new Rejected('This link was good for 30 minutes; ask for a new one.', { code: 'CONFLICT' });
    return link;
  }

  #checkReturn(returnUrl: string): void {
    const url = URL.canParse(returnUrl) ? new URL(returnUrl) : undefined;
    const plain = url && !url.username && !url.password && !url.hash && /^https?:$/.test(url.protocol);
    if (plain && this.#parts.returnUrls.some((allowed) => begins(url, new URL(allowed)))) return;
    const message = 'Give a returnUrl that the operator of this hub allows (CONNECT_RETURN_URLS).';
    throw new Rejected(message, { fields: [{ pointer: '/returnUrl', message }] });
  }

  async #record(link: ConnectLink, action: string, detail: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#parts.audit.record({ storeId: link.storeId, actor: 'connect-link', action, target: link.id, detail });
  }
}

/** Whole parts of the path only: `/app` is not the beginning of `/apple`. */
function begins(url: URL, allowed: URL): boolean {
  const path = allowed.pathname.replace(/\/$/, '');
  return url.origin === allowed.origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function resultKeyPlace({ storeId, id }: Pick<ConnectLink, 'storeId' | 'id'>) {
  return { store: storeId, owner: `connect-link:${id}`, field: 'result-key' };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
