import { createDataSource } from '../../core/database/data-source.ts';

/** What the global setup hands to the global teardown of the same process. */
export interface TestServer {
  readonly url: string;
  readonly template: string;
  /** Started for this run, and gone with it; else the one of `TEST_DATABASE_URL`. */
  readonly own: boolean;
  close(): Promise<void>;
}

interface TestEnv extends Record<string, string | undefined> {
  TEST_DATABASE_URL?: string;
  /** How jest's workers learn what the global setup made. */
  PATCHBAY_TEST_SERVER?: string;
  PATCHBAY_TEST_TEMPLATE?: string;
  /** `HUB_KEYS` of the run's hubs: they share what proves a kept plugin. */
  PATCHBAY_TEST_RING?: string;
}

/** The tests' own settings. */
export const testEnv = process.env as TestEnv;

/** The same server, another database. */
export function atDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** One statement that cannot run in a transaction, such as CREATE DATABASE. */
export async function onServer(url: string, statement: string, params: unknown[] = []): Promise<Record<string, string>[]> {
  const admin = await createDataSource({ url, entities: [], poolSize: 1 }).initialize();
  try {
    return await admin.query(statement, params);
  } finally {
    await admin.destroy();
  }
}
