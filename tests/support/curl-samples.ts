import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One `curl` of a page, and what the comment below it promises: the status, and a field of the answer. */
export interface CurlSample {
  readonly title: string;
  readonly command: string;
  readonly status: number;
  readonly field: string;
}

const docs = join(import.meta.dirname, '../../docs');

/** Those of a page, in its order. */
export async function curlSamples(page: string): Promise<CurlSample[]> {
  const text = await readFile(join(docs, page), 'utf8');
  return [...text.matchAll(/```sh\n(curl [\s\S]*?)\n# (\d{3}) (\w+)\n```/g)].map(([, command = '', status, field = '']) => ({
    title: /"\$HUB([^"?]*)/.exec(command)?.[1] ?? command,
    command,
    status: Number(status),
    field,
  }));
}

/** Does what the command says, as curl would. @throws Error for what this does not understand */
export async function curl(command: string, variables: Readonly<Record<string, string>>): Promise<Response> {
  const words = wordsOf(command.replace(/\\\n/g, ' '), variables).slice(1);
  const headers = new Headers();
  let [url, method, body]: (string | undefined)[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', next = ''] = words.slice(at, at + 2);
    if (!word.startsWith('-')) url = word;
    else if (word === '-X') method = next;
    else if (word === '-d') body = next;
    else if (word === '-u') headers.set('authorization', `Basic ${Buffer.from(next).toString('base64')}`);
    else if (word === '-H') headers.append(next.slice(0, next.indexOf(':')), next.slice(next.indexOf(':') + 1).trim());
    else throw new Error(`curl ${word} is not understood here`);
    if (word.startsWith('-')) at += 1;
  }
  return fetch(url ?? '', { headers, method: method ?? 'GET', ...(body !== undefined && { body }) });
}

/** As a shell splits them: single quotes as they are, double quotes with variables and `\"`. */
function wordsOf(line: string, variables: Readonly<Record<string, string>>): string[] {
  const words = line.match(/'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"]+/g) ?? [];
  return words.map((word) => {
    if (word.startsWith("'")) return word.slice(1, -1);
    const inner = word.startsWith('"') ? word.slice(1, -1).replaceAll('\\"', '"') : word;
    return inner.replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? '');
  });
}
