import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { forbidden, invalid, unknownObject } from './answers.ts';
import type { Person } from './demo.ts';
import type { Hooks } from './hooks.ts';
import type { Reports } from './reports.ts';
import type { Token, Tokens } from './tokens.ts';
import type { UseCase } from './usage.ts';
import type { World } from './world.ts';

/** What a route works with, once version, token, proof and limits have been checked. */
export interface Call {
  readonly req: SandboxRequest;
  readonly token: Token;
  readonly person: Person;
  readonly scopes: readonly string[];
  /** What stands for `:name` in the route. */
  readonly id: string;
  /** Query and form body together, as the provider reads them. */
  readonly params: URLSearchParams;
  readonly world: World;
  readonly tokens: Tokens;
  readonly hooks: Hooks;
  readonly reports: Reports;
  readonly now: number;
}

export interface Route {
  readonly method: string;
  /** After the version; the first group is the id. */
  readonly path: RegExp;
  /** Any of these will do. */
  readonly scopes?: readonly string[];
  readonly useCase?: UseCase;
  run(call: Call): SandboxResponse;
}

export function needsScope(call: Pick<Call, 'scopes'>, wanted: readonly string[] | undefined): void {
  if (!wanted || wanted.some((scope) => call.scopes.includes(scope))) return;
  if (wanted[0]?.startsWith('ads_')) {
    throw forbidden(200, `Ad account owner has NOT grant ads_management or ads_read permission`);
  }
  throw forbidden(10, `This endpoint requires the '${wanted[0]}' permission or the app must be approved for it.`);
}

/** @throws Refusal for an ad account the login does not reach */
export function reachable(call: Pick<Call, 'person'>, account: string): void {
  if (!call.person.accounts.includes(account)) {
    throw forbidden(200, 'Ad account owner has NOT grant ads_management or ads_read permission');
  }
}

/** @throws Refusal unless the call carries the page's own token */
export function ownPage(call: Call, page: string): void {
  if (call.token.kind !== 'page') throw forbidden(190, 'This method must be called with a Page Access Token');
  if (call.token.page !== page) throw unknownObject(page);
}

/** A parameter that is written as JSON. */
export function jsonParam<T>(call: Pick<Call, 'params'>, name: string): T | undefined {
  const text = call.params.get(name);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw invalid(`Param ${name} must be JSON`);
  }
}
