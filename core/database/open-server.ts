import { join } from 'node:path';
import { prepareDataDir } from '../config-folders.ts';
import { type EmbeddedOptions, startEmbeddedPostgres } from './embedded-postgres.ts';

/** The database the settings name: a Postgres somewhere, or the embedded one in the data folder, started or adopted. */
export async function openServer(
  settings: { readonly databaseUrl: string | undefined; readonly dataDir: string },
  log: EmbeddedOptions['log'],
): Promise<{ url: string; embedded: boolean; close(): Promise<void> }> {
  if (settings.databaseUrl) return { url: settings.databaseUrl, embedded: false, close: async () => undefined };
  prepareDataDir(settings.dataDir);
  const { url, close } = await startEmbeddedPostgres({ dir: join(settings.dataDir, 'postgres'), log });
  return { url, embedded: true, close };
}
