import { inspect } from 'node:util';
import { Budgets } from '../../core/egress/budget.ts';
import { type Access, Egress, type EgressOptions, type HttpFor } from '../../core/egress/client.ts';
import { EgressRoutes } from '../../core/egress/routes.ts';
import { createLog } from '../../core/log.ts';
import { type HubError, hubError } from '../../core/sdk/errors.ts';
import type { TestDatabase } from './database.ts';

/** A credential that must show up nowhere but at the provider. */
export const TOKEN = 'tok-swordfish/7Zq+1';

/** As the hub shows an access token; `token` is told what was refused. */
export function bearerAccess(token: (refused: string | undefined) => Promise<string>): Access {
  return {
    secrets: async (wanted) => ({ accessToken: wanted.token ?? (await token(wanted.refused?.['accessToken'])) }),
    authorize: async ({ secrets }) => ({ headers: { authorization: `Bearer ${secrets['accessToken']}` } }),
  };
}

export interface TestEgress {
  readonly egress: Egress;
  readonly lines: string[];
  http(changes?: Partial<HttpFor>): ReturnType<Egress['createHttp']>;
  /** The error of a call; fails when it resolves, or when the credential is anywhere in the error or the log. */
  failure(call: Promise<unknown>): Promise<HubError>;
}

/** An egress whose `map` stands for the provider hosts, with everything it logs kept. */
export function testEgress(db: TestDatabase, map: Record<string, string>, options: Partial<EgressOptions> = {}): TestEgress {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line: string) => lines.push(line) });
  const routes = new EgressRoutes({ egressMap: new Map(Object.entries(map)) });
  const egress = new Egress({ routes, allowPrivate: [], log, budgets: new Budgets({ dataSource: db.dataSource }), ...options });
  const standard: HttpFor = {
    plugin: 'acme',
    baseUrl: 'https://api.example.com/v1',
    hosts: ['files.example.com', '*.regions.example.com'],
    headers: { Version: '2021-07-28' },
    budget: { key: 'acme:account', requests: 10_000, seconds: 60, concurrent: 10 },
    signal: new AbortController().signal,
    log,
    access: bearerAccess(async () => TOKEN),
  };
  return {
    egress,
    lines,
    http: (changes = {}) => egress.createHttp({ ...standard, ...changes }),
    async failure(call) {
      const error: unknown = await call.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const found = hubError(error);
      if (!found) throw new Error(`Expected a hub error, got ${inspect(error)}`);
      const shown = `${inspect(error, { depth: 12, showHidden: true })}${lines.join('')}`;
      if (shown.includes('swordfish')) throw new Error('The credential is in the error or in the log.');
      return found;
    },
  };
}
