import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeCall {
  readonly method: string;
  /** With the query, as it came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type FakeAnswer = (call: FakeCall, res: ServerResponse, number: number) => void;

export interface FakeProvider {
  readonly url: string;
  readonly calls: FakeCall[];
  /** What the next calls are answered with; `number` counts from 1 since it was set. */
  answer(next: FakeAnswer): void;
  close(): Promise<void>;
}

/** A provider on a loopback port that answers as a test says and writes down what it was asked. */
export async function startFakeProvider(): Promise<FakeProvider> {
  let answer: FakeAnswer = (_call, res) => json(res, 200, {});
  let number = 0;
  const calls: FakeCall[] = [];
  const server = createServer(async (req, res) => {
    const call = { method: req.method ?? '', url: req.url ?? '', headers: req.headers, body: await textOf(req) };
    calls.push(call);
    number += 1;
    answer(call, res, number);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer(next) {
      answer = next;
      number = 0;
      calls.length = 0;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function json(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify(body));
}

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
