import { connect, type Socket } from 'node:net';

export interface PageLoad {
  readonly port: number;
  readonly path: string;
  readonly cookie: string;
  readonly connections: number;
  readonly seconds: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Pages a second: so many connections, each with one call under way. @throws Error for any answer but 200 */
export async function pagesPerSecond({ port, path, cookie, connections, seconds }: PageLoad): Promise<number> {
  const call = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: text/html\r\ncookie: ${cookie}\r\n\r\n`);
  const began = performance.now();
  const until = began + seconds * 1000;
  const lines = Array.from({ length: connections }, () => line({ port, call, until }));
  const counts = await Promise.all(lines);
  return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - began) / 1000);
}

/** One connection. @returns how many whole answers it got */
function line({ port, call, until }: { port: number; call: Buffer; until: number }): Promise<number> {
  let [answers, missing] = [0, 0];
  let head = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const next = (socket: Socket) => (performance.now() < until ? socket.write(call) : socket.destroy());
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => next(socket));
    socket.on('error', reject);
    socket.on('close', () => resolve(answers));
    socket.on('data', (chunk) => {
      if (missing > 0) missing -= chunk.length;
      else {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const end = head.indexOf(HEAD_END);
        if (end === -1) return;
        const text = head.toString('latin1', 0, end);
        if (!text.startsWith('HTTP/1.1 200')) return void reject(new Error(`${text.split('\r\n')[0]} instead of a page`));
        missing = Number(/content-length: (\d+)/i.exec(text)?.[1]) + end + HEAD_END.length - head.length;
        head = Buffer.alloc(0);
      }
      if (missing > 0) return;
      answers += 1;
      next(socket);
    });
  });
}
