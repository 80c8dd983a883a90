import type { IncomingMessage } from 'node:http';

const ABSOLUTE = /^https?:\/\/([^/?#]*)(\/?.*)$/is;

/**
 * Makes the address of a request in absolute form (`POST http://host/path`), as clients of proxies send it, one that begins
 * with its path. What it names counts, whatever the Host header says: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
export function toOriginForm(req: IncomingMessage): void {
  const [, host, rest = ''] = (req.url?.startsWith('/') ? undefined : ABSOLUTE.exec(req.url ?? '')) ?? [];
  if (!host) return;
  req.url = rest.startsWith('/') ? rest : `/${rest}`;
  req.headers.host = host.slice(host.lastIndexOf('@') + 1);
}
