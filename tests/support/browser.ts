import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { testEnv } from './test-server.ts';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
];

/** A headless Chromium: the machine's own, else the one npm brings. Close it when done. */
export async function openBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((file) => existsSync(file));
  if (installed) return chromium.launch({ executablePath: installed, args: FLAGS });
  const folder = await unpackedChromium();
  const env = {
    ...testEnv,
    // The libraries a slim machine lacks; where it has them, theirs would do as well.
    LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
    FONTCONFIG_PATH: join(folder, 'fonts'),
    HOME: folder,
  };
  return chromium.launch({ executablePath: join(folder, 'chromium'), args: FLAGS, env });
}

/** Unpacked once per user into the temporary folder (about 3 s); whole or not at all, however many tests ask at once. */
async function unpackedChromium(): Promise<string> {
  const packed = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as { version: string };
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `patchbay-chromium-${version}-${uid}`);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found && (!found.isDirectory() || found.uid !== uid)) throw new Error(`${folder} belongs to somebody else; remove it.`);
  if (found) return folder;
  const fresh = mkdtempSync(`${folder}.new-`);
  try {
    const bin = join(packed, 'bin');
    const unpack = createWriteStream(join(fresh, 'chromium'), { mode: 0o700 });
    await Promise.all([
      pipeline(createReadStream(join(bin, 'chromium.br')), createBrotliDecompress(), unpack),
      untar(join(bin, 'al2023.tar.br'), join(fresh, 'al2023')),
      untar(join(bin, 'fonts.tar.br'), join(fresh, 'fonts')),
      untar(join(bin, 'swiftshader.tar.br'), fresh),
    ]);
    writeFileSync(join(fresh, 'fonts', 'fonts.conf'), fontSettings(folder));
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'chromium'))) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** The packed settings name folders of another machine: pages would be measured without a font. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts/fonts</dir><cachedir>${folder}/fonts/cache</cachedir></fontconfig>
`;
}

async function untar(file: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, basename(file, '.br'));
  await pipeline(createReadStream(file), createBrotliDecompress(), createWriteStream(archive));
  const { status, stderr } = spawnSync('tar', ['-x', '-f', archive, '-C', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} could not be unpacked: ${stderr}`);
  rmSync(archive);
}
