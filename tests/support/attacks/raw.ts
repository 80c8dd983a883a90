import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/**
 * Writes bytes to a port as they are, each piece by itself, and reads until the other side ends the connection, or until `enough` of what came.
 * @returns all that came, as latin1
 */
export function raw(port: number, bytes: string | readonly string[], enough?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let came = '';
    const socket = connect(port, '127.0.0.1');
    const end = () => {
      socket.destroy();
      resolve(came);
    };
    socket.setTimeout(PATIENCE_MS, () => reject(new Error(`no end of an answer: ${came.slice(0, 200)}`)));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      came += chunk;
      if (enough?.test(came)) end();
    });
    socket.on('close', end).on('error', end);
    socket.setNoDelay(true).once('connect', () => void writeAll(socket, [bytes].flat()));
  });
}

/**
 * Writes the beginning of a request, then a byte now and then for as long as the other side takes any.
 * @returns all that came until it ended the connection, as latin1
 */
export function trickle(port: number, beginning: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let came = '';
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const drip = setInterval(() => socket.write('a'), 200);
    const patience = setTimeout(() => {
      socket.destroy();
      reject(new Error(`still connected after ${PATIENCE_MS / 1000} s: ${came.slice(0, 200)}`));
    }, PATIENCE_MS);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      came += chunk;
    });
    socket.once('connect', () => void socket.write(beginning, 'latin1'));
    socket
      .on('error', () => undefined)
      .once('close', () => {
        clearInterval(drip);
        clearTimeout(patience);
        resolve(came);
      });
  });
}

async function writeAll(socket: Socket, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    await new Promise((written) => socket.write(piece, 'latin1', written));
    await turn();
  }
}

/** The status of the first answer in what came; 0 where there is none. */
export function statusIn(came: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(came)?.[1] ?? 0);
}

/** Of all answers, in turn. */
export function statusesIn(came: string): number[] {
  return [...came.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** How many answers came. */
export function answersIn(came: string): number {
  return came.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0;
}

/** A request with exactly this head; `connection: close` ends it. */
export function requestOf(line: string, headers: readonly string[] = [], body = ''): string {
  return `${[line, 'Host: hub', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`;
}
