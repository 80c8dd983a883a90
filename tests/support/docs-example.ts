import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const docs = join(import.meta.dirname, '../../docs');

/** A file in full, or lines to add to one that an earlier page shows. */
interface Sample {
  readonly file: string;
  readonly text: string;
  readonly isChange: boolean;
}

/** The pages a plugin is written from, in the order in which plugins.md names them. */
export async function examplePages(): Promise<string[]> {
  const text = await readFile(join(docs, 'plugins.md'), 'utf8');
  const [, table = ''] = text.split('| page | adds |');
  const rows = table.split('\n\n')[0] ?? '';
  return ['plugins.md', ...[...rows.matchAll(/^\| \[\w+\]\(([\w.]+)\)/gm)].map(([, page = '']) => page)];
}

/** Does with a page's samples what its reader would do; `home` is the hub's `plugins`. */
export async function copySamples(page: string, home: string): Promise<void> {
  for (const { file, text, isChange } of samplesIn(await readFile(join(docs, page), 'utf8'))) {
    const path = join(home, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, isChange ? changed(await readFile(path, 'utf8'), text, `${page}: ${file}`) : text);
  }
}

/** Code names its file in its first line, and other files in the line above them. */
function samplesIn(page: string): Sample[] {
  const code = [...page.matchAll(/```(ts|diff)\n\/\/ plugins\/([\w./-]+)\n(.*?)```/gs)];
  const others = [...page.matchAll(/^`plugins\/([\w./-]+)`\n\n```(?:svg|md)\n(.*?)```/gms)];
  return [
    ...code.map(([, kind, file = '', text = '']) => ({ file, text, isChange: kind === 'diff' })),
    ...others.map(([, file = '', text = '']) => ({ file, text, isChange: false })),
  ];
}

/** @throws Error when the lines that are to be there are not, or more than once */
function changed(before: string, diff: string, where: string): string {
  return diff.split(/^@@\n/m).reduce((text, hunk) => {
    const lines = hunk.split('\n').filter((line) => line !== '');
    const side = (sign: string) =>
      lines
        .filter((line) => !line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const [old, fresh] = [side('+'), side('-')];
    const found = `\n${text}`.split(`\n${old}`).length - 1;
    if (found !== 1) throw new Error(`${where}: these lines are there ${found} times:\n${old}`);
    return `\n${text}`.replace(`\n${old}`, () => `\n${fresh}`).slice(1);
  }, before);
}
