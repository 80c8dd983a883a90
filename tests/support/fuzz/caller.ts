import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from '../attacks/ground.ts';
import { ADMIN, type Answer, call } from '../hub.ts';
import { addStoreOwner, type Browser, keyOf, signIn } from '../people.ts';
import { csrfOf } from '../web.ts';
import type { Input, Verdict } from './operations.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';
/** Fewer than one key may send in a minute. */
const CALLS_PER_KEY = 2500;
/** What a right call of these ends is needed by the others: they are let in for nobody's things only. */
const ENDS = /^DELETE |\/disconnect$|deletion|\/remove$|revoke|\/leave|end-sessions|sessions\/end/;

/** The names of fields in the pages' forms, so that most of what is sent is looked at. */
function formFields(): string[] {
  const folder = join(import.meta.dirname, '../../../views/pages');
  const named = readdirSync(folder).flatMap((page) => [
    ...readFileSync(join(folder, page), 'utf8').matchAll(/ name="([\w-]+)"/g),
  ]);
  return [...new Set(named.map(([, name = '']) => name))].filter((name) => name !== '_csrf');
}

/** Calls the operations of a hub by what is there, with keys that are not used up. */
export class Caller {
  readonly #ground: Ground;
  readonly #known: Readonly<Record<string, string>>;
  readonly fields = formFields();
  readonly #browsers = new Map<string, Browser>();
  readonly #keys = new Map<'admin' | 'owner', { key: string; left: number }>();

  private constructor(ground: Ground, known: Readonly<Record<string, string>>) {
    this.#ground = ground;
    this.#known = known;
  }

  static async of(ground: Ground): Promise<Caller> {
    const { integration } = ground.victim;
    const known = { store: 'default', plugin: 'target', integration, id: integration, stream: 'contacts', name: 'lists' };
    return new Caller(ground, {
      ...known,
      category: 'crm',
      status: 'active',
      action: 'addContact',
      file: 'swagger-ui.css',
      record: 'c1',
    });
  }

  async call(on: string, { params, query, headers: given, body }: Input, verdict: Verdict): Promise<Answer> {
    const [method = '', pattern = ''] = on.split(' ');
    const ends = ENDS.test(on) && verdict !== 'invalid';
    const known = ends ? { ...this.#known, integration: NOBODY, id: NOBODY, store: NOBODY } : this.#known;
    const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? known[name] ?? NOBODY));
    const search = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
    const headers = { ...given, authorization: await this.#authorization(on) };
    return call(method, `${this.#ground.hub.url}${path}${search && `?${search}`}`, {
      headers,
      ...(body !== undefined && { body }),
    });
  }

  /** The address of a page, with `odd` for the last thing it names; what ends something is asked of nobody. */
  pathOf(pattern: string, odd: string | undefined, changes: boolean): string {
    const ends = changes && /disconnect|remove|delet|revoke|leave/.test(pattern);
    const names = [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    return pattern.replace(/:(\w+)/g, (_, name: string) => {
      if (odd !== undefined && name === names.at(-1)) return encodeURIComponent(odd);
      return encodeURIComponent((ends && name === 'id' ? undefined : this.#known[name]) ?? NOBODY);
    });
  }

  /** A browser of the store's owner or of the operator, and the token of its forms; signed in anew where it was ended. */
  async signedIn(operator: boolean): Promise<{ browser: Browser; token: string }> {
    const who = operator ? 'admin' : 'owner';
    const person = operator ? ADMIN : this.#ground.victim.person;
    const known = this.#browsers.get(who);
    const page = await known?.get('/stores').redirects(0);
    const browser = known && page?.status === 200 ? known : await signIn(this.#ground.hub, person);
    this.#browsers.set(who, browser);
    return { browser, token: csrfOf((await browser.get('/stores')).text) };
  }

  /** The same of an owner whom nobody else needs. */
  async guest(): Promise<{ browser: Browser; token: string }> {
    const { hub } = this.#ground;
    const browser = await signIn(hub, await addStoreOwner(hub, `${randomUUID()}@example.com`));
    return { browser, token: csrfOf((await browser.get('/stores')).text) };
  }

  async #authorization(on: string): Promise<string> {
    if (on === 'POST /api/api-keys') return `Basic ${Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')}`;
    const who = on.includes('/api/admin/') ? 'admin' : 'owner';
    const person = who === 'admin' ? ADMIN : this.#ground.victim.person;
    const known = this.#keys.get(who);
    const fresh = known && known.left > 0 ? known : { key: await keyOf(this.#ground.hub, person), left: CALLS_PER_KEY };
    fresh.left -= 1;
    this.#keys.set(who, fresh);
    return `Bearer ${fresh.key}`;
  }
}
