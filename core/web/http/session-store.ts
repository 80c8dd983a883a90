import connectPgSimple from 'connect-pg-simple';
import type { Request } from 'express';
import session, { type Session, type SessionData, type Store } from 'express-session';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Log } from '../../log.ts';

const PRUNE_SECONDS = 3600;
/** Asked with every page, and so planned once a connection. */
const READ = 'select sess from sessions where sid = $1 and expire >= to_timestamp($2)';

/**
 * Sessions in the table `sessions`, on the pool everything else uses. What was read from there is only ever written back, never
 * made anew: a session that ended while a request was under way stays ended. `close` ends the hourly sweep.
 */
export function createSessionStore(dataSource: DataSource, log: Log): Store & { close(): void } {
  const PgStore = connectPgSimple(session);
  const { master } = dataSource.driver as unknown as { master: Pool };
  class Sessions extends PgStore {
    readonly #kept = new WeakSet<object>();

    override createSession(req: Request, data: SessionData): Session & SessionData {
      const loaded = super.createSession(req, data);
      this.#kept.add(loaded);
      return loaded;
    }

    override set(sid: string, data: SessionData, done: (error?: unknown) => void = () => {}): void {
      const { expires } = data.cookie;
      if (this.#kept.has(data) && expires) {
        const written = master.query('update sessions set sess = $1, expire = $2 where sid = $3', [data, expires, sid]);
        written.then(() => done(), done);
        return;
      }
      super.set(sid, data, (error?: unknown) => {
        if (!error) this.#kept.add(data);
        done(error);
      });
    }

    override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
      const read = master.query<{ sess: SessionData }>({ name: 'session', text: READ, values: [sid, Date.now() / 1000] });
      read.then(
        ({ rows: [row] }) => done(undefined, row?.sess ?? null),
        (error: unknown) => done(asFailure(error)),
      );
    }
  }
  return new Sessions({
    pool: master,
    tableName: 'sessions',
    disableTouch: true,
    pruneSessionInterval: PRUNE_SECONDS,
    errorLog: (...args: unknown[]) => log.warn({ err: args.find((arg) => arg instanceof Error) }, 'sessions could not be swept'),
  });
}

/** express-session takes ENOENT for "no such session": a database whose socket is gone would sign everybody out. */
function asFailure(error: unknown): Error {
  return new Error('the session could not be read', { cause: error });
}
