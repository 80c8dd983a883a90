import { expect } from '@jest/globals';
import type { Attack, Ground } from './ground.ts';
import { answersIn, raw, requestOf, statusesIn, statusIn } from './raw.ts';
import { signedCall } from './signed.ts';

const portOf = ({ hub }: Ground) => Number(new URL(hub.url).port);

/** What a proxy in front might let pass as one request, and a server behind it read as two. */
const HIDDEN = 'GET /healthz HTTP/1.1\r\nHost: hub\r\n\r\n';

/** The second request is never answered: at most one answer comes, and it refuses. */
const smuggled = (attempt: string, head: readonly string[], body: string, to = 'POST /login HTTP/1.1'): Attack => [
  attempt,
  async (ground) => {
    const came = await raw(portOf(ground), `${[to, 'Host: hub', ...head].join('\r\n')}\r\n\r\n${body}`);
    expect([answersIn(came) <= 1, statusIn(came)]).toEqual([true, expect.any(Number)]);
    expect(came).not.toContain('{"status":"ok"}');
    expect([0, 400, 431, 505]).toContain(statusIn(came));
  },
];

const kept = async ({ hub }: Ground, like: string) =>
  (await hub.rows<{ id: string }>('select event_id as id from webhook_events where event_id like $1 order by 1', [like])).map(
    ({ id }) => id,
  );

const chunked = 'Transfer-Encoding: chunked';

export const smuggling: readonly Attack[] = [
  smuggled('a length and chunks (CL.TE)', ['Content-Length: 6', chunked], `0\r\n\r\n${HIDDEN}`),
  smuggled('chunks and a length (TE.CL)', [chunked, 'Content-Length: 4'], `5c\r\n${HIDDEN}\r\n0\r\n\r\n`),
  smuggled(
    'a length and chunks on the way of webhooks',
    ['Content-Length: 6', chunked],
    `0\r\n\r\n${HIDDEN}`,
    'POST /webhooks/target HTTP/1.1',
  ),
  // Plain webhook calls are read by a reader of the hub's own.
  ...[
    ['two lengths on the way of webhooks', ['Content-Length: 2', `Content-Length: ${2 + HIDDEN.length}`]],
    ['a folded header on the way of webhooks', ['X-Folded: a', ' Content-Length: 40', 'Content-Length: 2']],
    ['bare line ends on the way of webhooks', ['X-One: a\nContent-Length: 40', 'Content-Length: 2']],
    ['a blank before a colon on the way of webhooks', ['Content-Length : 40', 'Content-Length: 2']],
  ].map(([attempt, head]) => smuggled(attempt as string, head as string[], `{}${HIDDEN}`, 'POST /webhooks/target HTTP/1.1')),
  smuggled('two lengths that differ', ['Content-Length: 0', `Content-Length: ${HIDDEN.length}`], HIDDEN),
  smuggled('two lengths in one line', [`Content-Length: 0, ${HIDDEN.length}`], HIDDEN),
  smuggled('a length below nothing', ['Content-Length: -1'], HIDDEN),
  smuggled('a length with a sign', ['Content-Length: +0'], HIDDEN),
  smuggled('a length in hexadecimal', ['Content-Length: 0x0'], HIDDEN),
  smuggled('chunks under another name', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${HIDDEN}`),
  smuggled('chunks that are not the last coding', ['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${HIDDEN}`),
  smuggled('chunks with a blank before the colon', ['Transfer-Encoding : chunked'], `0\r\n\r\n${HIDDEN}`),
  smuggled('chunks behind a folded line', ['X-Folded: a', ' Transfer-Encoding: chunked', 'Content-Length: 0'], HIDDEN),
  smuggled('a chunk whose size is no number', [chunked], `zz\r\n${HIDDEN}`),
  smuggled('a chunk whose size is below nothing', [chunked], `-1\r\n${HIDDEN}`),
  smuggled('a chunk longer than any memory', [chunked], `fffffffffffffffff\r\n${HIDDEN}`),
  smuggled('lines that end without a carriage return', ['X-One: a\nTransfer-Encoding: chunked', 'Content-Length: 0'], HIDDEN),
  smuggled('a carriage return alone in a header', ['X-One: a\rTransfer-Encoding: chunked', 'Content-Length: 0'], HIDDEN),
  smuggled('a NUL in a header', ['X-One: a\0b', 'Content-Length: 0'], HIDDEN),
  smuggled('a header without a name', [': x', 'Content-Length: 0'], HIDDEN),
  smuggled('two hosts', ['Host: evil.example', 'Content-Length: 0', 'Connection: close'], ''),
  [
    'webhooks, a forged one among them and another request behind, in one piece: each is answered for itself',
    async (ground) => {
      const [one, other] = ['p1', 'p2'].map((id) => signedCall({ id, account: 'acc-1', object: id }));
      const forged = one?.replace('"p1"', '"p3"');
      const came = await raw(portOf(ground), [`${one}${forged}${other}`, requestOf('GET /healthz HTTP/1.1')].join(''));
      expect(statusesIn(came)).toEqual([200, 401, 200, 200]);
      expect(await kept(ground, 'p_')).toEqual(['p1', 'p2']);
    },
  ],
  [
    'a webhook cut in two wherever: it is whole, once',
    async (ground) => {
      const call = signedCall({ id: 'cut', account: 'acc-1', object: 'cut' }, 'close');
      for (const at of [
        1,
        4,
        5,
        15,
        16,
        24,
        33,
        60,
        90,
        call.indexOf('\r\n\r\n') + 2,
        call.indexOf('\r\n\r\n') + 4,
        call.length - 1,
      ]) {
        expect([at, statusesIn(await raw(portOf(ground), [call.slice(0, at), call.slice(at)]))]).toEqual([at, [200]]);
      }
      expect(await kept(ground, 'cut')).toEqual(['cut']);
    },
  ],
  [
    'a request without a host',
    async (ground) => expect(statusIn(await raw(portOf(ground), 'GET /login HTTP/1.1\r\nConnection: close\r\n\r\n'))).toBe(400),
  ],
  [
    'headers without an end',
    async (ground) => {
      const head = requestOf(
        'GET /login HTTP/1.1',
        Array.from({ length: 3000 }, (_, at) => `X-${at}: ${'y'.repeat(20)}`),
      );
      expect(statusIn(await raw(portOf(ground), head))).toBe(431);
    },
  ],
  [
    'an address without an end',
    async (ground) => {
      const came = await raw(portOf(ground), requestOf(`GET /login?next=/${'a'.repeat(40_000)} HTTP/1.1`));
      expect([414, 431]).toContain(statusIn(came));
    },
  ],
  [
    'another protocol on the same port',
    async (ground) => {
      for (const bytes of [
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        '\x16\x03\x01\x02\x00\x01\x00\x01',
        'CONNECT evil.example:443 HTTP/1.1\r\nHost: hub\r\n\r\n',
      ]) {
        const came = await raw(portOf(ground), bytes);
        expect([bytes, statusIn(came) === 0 || statusIn(came) >= 400]).toEqual([bytes, true]);
      }
    },
  ],
  [
    'a response split by what the address says',
    async (ground) => {
      const came = await raw(
        portOf(ground),
        requestOf('GET /login?next=/x%0d%0aSet-Cookie:%20sid=planted%0d%0a%0d%0a<script> HTTP/1.1'),
      );
      expect(came.split('\r\n\r\n')[0]).not.toMatch(/planted/);
      expect(came).not.toContain('<script>\r\n');
    },
  ],
];
