import type { Request, Response } from 'express';
import type { Principal } from '../../access/principal.ts';
import type { Need, StoreView } from '../../access/stores.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { ErrorCode } from '../../sdk/errors.ts';
import type { Dto } from '../http/dto.ts';
import type { Route } from '../http/route.ts';
import type { Web } from '../services.ts';
import type { Schema } from './schema.ts';

/** What a handler answers; `undefined` where it has answered by itself (a file, a stream). */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** The body where it has been written already. */
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call whose caller is known and whose parts are checked. */
export interface Call<B = unknown, Q = unknown> {
  readonly web: Web;
  readonly req: Request;
  readonly res: Response;
  readonly principal: Principal;
  readonly body: B;
  readonly query: Q;
}

export interface InStore {
  readonly store: StoreView;
}

/** Whose integration it is, found and allowed. */
export interface InIntegration extends InStore {
  readonly integration: Integration;
}

export type StoreCall<B = unknown, Q = unknown> = Call<B, Q> & InStore;
export type IntegrationCall<B = unknown, Q = unknown> = Call<B, Q> & InIntegration;

/** Finds the store, or the integration, a call is about, and asks whether the caller may do there what the call needs. */
export interface Place<P extends object> {
  /** It is named in the body or the query: those are read first. */
  readonly byContent: boolean;
  find(call: Call, need: Need): Promise<P>;
}

/** One answer of a call. Without a schema it has no body. */
export interface Answered {
  readonly says: string;
  readonly schema?: Schema;
  /** Default JSON. */
  readonly type?: string;
  /** The same as a text of these types, where the caller asks for it. */
  readonly also?: readonly string[];
  /** Also as server-sent events, for who accepts only those. */
  readonly live?: true;
}

/** `signed-in` and `operator` as for pages; `password`: also by email and password. */
export type ApiWho = 'anyone' | 'password' | 'signed-in' | 'operator';

/** All there is to say of a call: what mounts it, checks it and describes it. */
export interface Spec<B extends object, Q extends object, P extends object> {
  readonly on: Route['on'];
  readonly tag: string;
  /** A title of a few words. */
  readonly does: string;
  readonly more?: string;
  /** What the caller must be allowed in the store. Default `view`. */
  readonly need?: Need;
  readonly body?: Dto<B>;
  readonly query?: Dto<Q>;
  readonly answers: Readonly<Record<number, Answered>>;
  /** Beside those that any call may answer. */
  readonly problems?: readonly ErrorCode[];
  /** Takes an `Idempotency-Key`. */
  readonly once?: true;
  /** Answers an `ETag`, and takes `If-Match` where it changes something. */
  readonly tagged?: (call: Call & P) => Promise<string>;
  /** A body that works as it stands, by name. */
  readonly examples?: Readonly<Record<string, object>>;
  /** What is left of the plugins' forms in it. */
  readonly forms?: FormUse;
  run(call: Call<B, Q> & P): Promise<Reply | undefined> | Reply | undefined;
}

/** Which forms of the plugins a body holds, and where: as the body itself or as one of its fields. */
export interface FormUse {
  readonly kind: 'credentials' | 'config' | 'action';
  readonly field?: string;
}

export interface ApiRoute extends Omit<Spec<object, object, object>, 'run' | 'tagged'> {
  readonly who: ApiWho;
  readonly place: Place<object> | undefined;
  readonly tagged?: (call: never) => Promise<string>;
  run(call: never): Promise<Reply | undefined> | Reply | undefined;
}

type Routed = <B extends object = object, Q extends object = object>(spec: Spec<B, Q, object>) => ApiRoute;

export const anyone: Routed = (spec) => ({ ...spec, who: 'anyone', place: undefined });
export const byPassword: Routed = (spec) => ({ ...spec, who: 'password', place: undefined });
export const signedIn: Routed = (spec) => ({ ...spec, who: 'signed-in', place: undefined });
export const operator: Routed = (spec) => ({ ...spec, who: 'operator', place: undefined });

/** For calls about a store or an integration. */
export function at<P extends object>(place: Place<P>) {
  return <B extends object = object, Q extends object = object>(spec: Spec<B, Q, P>): ApiRoute => ({
    ...spec,
    who: 'signed-in',
    place,
  });
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

/** Taken on; it goes on after the answer. */
export function accepted(body: unknown): Reply {
  return { status: 202, body };
}

export const NOTHING: Reply = { status: 204 };
