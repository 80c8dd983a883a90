import { createServer } from 'node:http';
import { contact } from './contacts-plugin.ts';

/** The provider of the bench, outside the hub's process, so that what it needs is not counted as the hub's. */
export interface ContactsApi {
  readonly url: string;
  /** What it holds from now on: so many contacts, every n-th of them in a second version. */
  hold(total: number, changedEvery?: number): void;
  close(): void;
}

export function startContactsApi(): Promise<ContactsApi> {
  let [total, changedEvery] = [0, 0];
  const versionOf = (n: number) => (changedEvery > 0 && n % changedEvery === 0 ? 2 : 1);
  const page = (query: URLSearchParams) => {
    const [offset, limit] = [Number(query.get('offset')), Number(query.get('limit'))];
    const length = Math.max(0, Math.min(limit, total - offset));
    return { total, contacts: Array.from({ length }, (_, at) => contact(offset + at, versionOf(offset + at))) };
  };
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://contacts');
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(pathname === '/me' ? { id: 'bench' } : page(searchParams)));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
        hold(contacts, every = 0) {
          [total, changedEvery] = [contacts, every];
        },
        close: () => server.close(),
      });
    });
  });
}
