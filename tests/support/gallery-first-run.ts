import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createApp } from '../../core/app.ts';
import { readConfig } from '../../core/config.ts';
import { testDatabase } from './database.ts';
import { freePort, RING } from './hub.ts';

/** Opens the one-time link of a hub that nobody has used yet; gives what ends that hub. */
export async function openFirstRun(page: Page): Promise<() => Promise<void>> {
  const database = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'first-run-'));
  const env = { PORT: String(await freePort()), DATABASE_URL: database.url, DATA_DIR: dataDir, HUB_KEYS: RING };
  const app = await createApp(readConfig({ ...env, LOG_LEVEL: 'silent' }), undefined, { goodbyeMs: 0 });
  await app.listen();
  await page.goto(app.setupUrl ?? '');
  return async () => {
    await app.close();
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
