import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../log.ts';
import { currentPlugin } from './life.ts';
import type { Registry } from './registry.ts';

/** Where the hub's own code lies. */
const OWN = fileURLToPath(new URL('..', import.meta.url));

interface Attached {
  readonly registry: Pick<Registry, 'folders' | 'fault' | 'conceal'>;
  readonly log: Log;
}

/**
 * Errors that nobody caught. One out of a plugin (a promise nobody awaits, an emitter, a callback) is counted as its fault
 * and ends nothing; one of our own is written down, and if it was thrown the process is no longer to be trusted.
 */
export class StrayErrors {
  /** Resolves with an exception of the hub's own: close in order and end. */
  readonly fatal: Promise<unknown>;
  readonly #dirs = new Map<string, string>();
  #attached: Attached | undefined;
  #end: (error: unknown) => void = () => undefined;

  constructor() {
    this.fatal = new Promise((resolve) => {
      this.#end = resolve;
    });
    process.on('unhandledRejection', this.#onRejection);
    process.on('uncaughtException', this.#onException);
  }

  /** From here on plugins are known. */
  attach(attached: Attached): void {
    this.#attached = attached;
  }

  detach(): void {
    process.off('unhandledRejection', this.#onRejection);
    process.off('uncaughtException', this.#onException);
  }

  readonly #onRejection = (error: unknown): void => {
    if (this.#isPlugins(error, 'a promise nobody awaits')) return;
    if (this.#attached)
      this.#attached.log.error({ err: this.#attached.registry.conceal(error) }, 'a promise was rejected and nobody looked');
    else this.#end(error);
  };

  readonly #onException = (error: unknown): void => {
    if (this.#isPlugins(error, 'code nobody waits for')) return;
    this.#attached?.log.fatal({ err: this.#attached.registry.conceal(error) }, 'an error of the hub itself; it ends in order');
    this.#end(error);
  };

  #isPlugins(error: unknown, where: string): boolean {
    const id = this.#attached && this.#ownerOf(error);
    if (id === undefined) return false;
    this.#attached?.registry.fault(id, error, where);
    return true;
  }

  /** By the first line of the stack that is somebody's; by what Node knows of its origin where there is none. */
  #ownerOf(error: unknown): string | undefined {
    // Also those that are gone meanwhile: what they left behind may still fail.
    for (const { dir, id } of this.#attached?.registry.folders() ?? []) this.#dirs.set(`${dir}${sep}`, id);
    const lines = String((error as { stack?: unknown } | null)?.stack ?? '').split('\n');
    for (const line of lines) {
      for (const [dir, id] of this.#dirs) if (line.includes(dir)) return id;
      if (line.includes(OWN)) return undefined;
    }
    return currentPlugin();
  }
}
