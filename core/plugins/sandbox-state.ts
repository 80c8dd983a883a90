import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../log.ts';

const QUIET_MS = 200;

/** What one simulator keeps: a JSON file, replaced as a whole at most every {@link QUIET_MS}. */
export class SandboxState {
  readonly #file: string;
  readonly #log: Log;
  #latest: { readonly state: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
  }

  /** Undefined where nothing was saved. An unreadable file is put aside, so that the simulator starts afresh. */
  load(): unknown {
    if (this.#latest) return structuredClone(this.#latest.state);
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      this.#log.warn({ err: error, file: this.#file }, 'the state of a simulator is unreadable; it starts afresh');
      this.#putAside();
      return undefined;
    }
  }

  save(state: unknown): void {
    this.#latest = { state };
    this.#timer ??= setTimeout(() => void this.flush(), QUIET_MS).unref();
  }

  /** Writes what is not written yet; never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const latest = this.#latest;
    if (!latest) return;
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeFile(`${this.#file}.new`, JSON.stringify(latest.state), { mode: 0o600 });
      await rename(`${this.#file}.new`, this.#file);
      // Only now: until the file is there, `load` must answer from memory.
      if (this.#latest === latest) this.#latest = undefined;
    } catch (error) {
      this.#log.warn({ err: error, file: this.#file }, 'the state of a simulator could not be kept');
    }
  }

  #putAside(): void {
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      renameSync(this.#file, `${this.#file}.unreadable`);
    } catch (error) {
      this.#log.debug({ err: error }, 'could not be put aside');
    }
  }
}
