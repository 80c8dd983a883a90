/** What the global setup hands to the global teardown of the same process. */
export interface TestServer {
  readonly url: string;
  readonly template: string;
  /** Set when the server is the embedded one. */
  readonly dir?: string;
  close?(): Promise<void>;
}

interface TestEnv {
  TEST_DATABASE_URL?: string;
  /** How jest's workers learn what the global setup made. */
  PATCHBAY_TEST_SERVER?: string;
  PATCHBAY_TEST_TEMPLATE?: string;
}

/** The tests' own settings. */
export const testEnv = process.env as TestEnv;

/** The same server, another database. */
export function atDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
