import connectPgSimple from 'connect-pg-simple';
import session, { type SessionData, type Store } from 'express-session';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Log } from '../log.ts';

const PRUNE_SECONDS = 3600;

/** Sessions in the table `sessions`, on the pool everything else uses. `close` ends the hourly sweep. */
export function createSessionStore(dataSource: DataSource, log: Log): Store & { close(): void } {
  const PgStore = connectPgSimple(session);
  const { master } = dataSource.driver as unknown as { master: Pool };
  class Sessions extends PgStore {
    override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
      super.get(sid, (error: unknown, session?: SessionData | null) => done(error && asFailure(error), session));
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
