import { createHmac, timingSafeEqual } from 'node:crypto';

/** Addresses that stand in mails: signed, so that they do what they say and nothing else. */
export class NoticeLinks {
  readonly #publicUrl: string;
  readonly #key: Buffer;

  constructor({ publicUrl, secret }: { publicUrl: string; secret: string }) {
    this.#publicUrl = publicUrl;
    this.#key = createHmac('sha256', secret).update('links in mails').digest();
  }

  /** Ends the mails of one store to one person, without a login. */
  unsubscribe(storeId: string, userId: string): string {
    return `${this.#publicUrl}/notifications/stop/${storeId}/${userId}/${this.#sign('stop', storeId, userId)}`;
  }

  isUnsubscribe({ storeId, userId, proof }: { storeId: string; userId: string; proof: string }): boolean {
    return this.#fits(proof, this.#sign('stop', storeId, userId));
  }

  /** A page of this store, for somebody who may just be looking at another one. */
  open(storeId: string, path: string): string {
    return `${this.#publicUrl}/open/${storeId}/${this.#sign('open', storeId, path)}?to=${encodeURIComponent(path)}`;
  }

  isOpen({ storeId, path, proof }: { storeId: string; path: string; proof: string }): boolean {
    return this.#fits(proof, this.#sign('open', storeId, path));
  }

  #sign(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64url');
  }

  #fits(given: string, wanted: string): boolean {
    const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
    return one.length === other.length && timingSafeEqual(one, other);
  }
}
