import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MailSettings } from './config-mail.ts';
import { ConfigError } from './config-values.ts';

/** What the system's code means to whoever chose the folder. */
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'where this user may not write',
  EPERM: 'where this user may not write',
  EROFS: 'on a file system that is read-only',
  ENOENT: 'where no folder can be made',
  ENOTDIR: 'which is a file, or lies below one',
  ENOSPC: 'on a disk that is full',
};

interface Settings {
  readonly production: boolean;
  readonly sandbox: boolean;
  readonly databaseUrl: string | undefined;
  readonly mail: MailSettings;
  readonly dataDir: string;
  readonly pluginDirs: readonly string[];
}

/**
 * Makes the folder where it is missing and writes in it once: what the system says of rights is not true of every file
 * system.
 * @throws ConfigError naming the setting
 */
export function prepareDataDir(dir: string): void {
  try {
    makeFolder(dir);
    rmdirSync(mkdtempSync(join(dir, '.probe-')));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = WHY[code] ?? `which cannot be used (${code})`;
    throw new ConfigError(`DATA_DIR is ${dir}, ${why}; set it to a folder that this user may write in.`);
  }
}

/**
 * Refuses a start on folders that cannot be what they are named for.
 * @throws ConfigError naming the setting
 */
export function checkFolders({ production, sandbox, databaseUrl, mail, dataDir, pluginDirs }: Settings): void {
  for (const dir of pluginDirs) checkPluginDir(dir);
  const keepsMails = !production && mail.smtpUrl === undefined;
  if (databaseUrl === undefined || sandbox || keepsMails) prepareDataDir(dataDir);
}

function checkPluginDir(dir: string): void {
  try {
    readdirSync(dir);
    accessSync(dir, constants.X_OK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const problem = { ENOENT: 'is not there', ENOTDIR: 'is no folder' }[code] ?? `cannot be read by this user (${code})`;
    throw new ConfigError(`PLUGIN_DIRS names ${dir}, which ${problem}; mend that, or set PLUGIN_DIRS to where plugins are.`);
  }
}

/** One by one: asked for several at once, Node asks for ever where the system says there is nothing to make them in. */
function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  if (dirname(dir) !== dir) makeFolder(dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
