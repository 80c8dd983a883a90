import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

export type Log = Logger;

/** Paths that must never reach a log line, whatever object is logged. */
const REDACTED = [
  'authorization',
  'cookie',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'client_secret',
  'clientSecret',
  'secret',
  'apiKey',
  'set-cookie',
  'x-api-key',
].flatMap((key) => [wrap(key), `*${wrap(key)}`, `*.*${wrap(key)}`, `*.*.*${wrap(key)}`]);

function wrap(key: string): string {
  return `["${key}"]`;
}

/** The root logger: JSON lines, fields before the message, secrets redacted by path. */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      redact: { paths: REDACTED.map((path) => path.replace(/^\["([\w]+)"\]$/, '$1')), censor: '[redacted]' },
      serializers: { err: stdSerializers.wrapErrorSerializer(withoutData) },
      base: null,
    },
    destination,
  );
}

/** Of a failed query's error (as pino has put it) all but the values bound to it and the row it was about: people's data. */
export function withoutData(error: object): object {
  const { parameters: _, detail: __, driverError: ___, ...shown } = error as Record<string, unknown>;
  return shown;
}
