import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './runtime.js';

const SOURCES = ['core', 'migrations'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
const STAMP = join(ROOT, 'dist', '.built');

/** Compiles `dist` when a source is newer. @returns whether `dist` can be run */
export function build() {
  if (!existsSync(join(ROOT, 'core'))) return true;
  const sources = SOURCES.flatMap((folder) => filesBelow(folder));
  if (isBuilt(sources)) return true;
  const startedAt = new Date();
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(tsc)) {
    console.error('Patchbay is not installed yet: run npm ci first, then try again.');
    return false;
  }
  const asked = spawnSync(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.build.json')], { stdio: ['ignore', 2, 2] });
  if (asked.status !== 0) {
    console.error('Patchbay could not be built; what is wrong is above.');
    return false;
  }
  removeLeftovers(new Set(sources));
  writeFileSync(STAMP, `${startedAt.toISOString()}\n`);
  return true;
}

function isBuilt(sources) {
  const built = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  const files = [...sources, ...SETTINGS].map((file) => statSync(join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  // A source that was renamed or removed changes nothing but its folder.
  const folders = SOURCES.flatMap((folder) => foldersBelow(folder)).map((folder) => statSync(join(ROOT, folder)).mtimeMs);
  return Math.max(...files, ...folders) <= built;
}

/** What was compiled from sources that are gone: a renamed migration must not be found under both names. */
function removeLeftovers(sources) {
  for (const folder of SOURCES) {
    for (const file of filesBelow(join('dist', folder))) {
      const source = file.slice('dist/'.length).replace(/\.js(\.map)?$/, '.ts');
      if (!sources.has(source)) rmSync(join(ROOT, file));
    }
  }
}

function filesBelow(folder) {
  return entriesBelow(folder)
    .filter((entry) => entry.isFile())
    .map(pathOf);
}

function foldersBelow(folder) {
  return [
    folder,
    ...entriesBelow(folder)
      .filter((entry) => entry.isDirectory())
      .map(pathOf),
  ];
}

function entriesBelow(folder) {
  const path = join(ROOT, folder);
  return existsSync(path) ? readdirSync(path, { withFileTypes: true, recursive: true }) : [];
}

function pathOf(entry) {
  return join(entry.parentPath, entry.name)
    .slice(ROOT.length + 1)
    .replaceAll('\\', '/');
}
