import type { Request, Response } from 'express';
import type { Web } from '../services.ts';

export type Handler = (web: Web, req: Request, res: Response) => Promise<void> | void;

/**
 * Who may call: `anyone`; `signed-in` (handlers ask for a store and a role with `requireStore`); `operator`. Anyone who may
 * not is told so before the body is read.
 */
export type Who = 'anyone' | 'signed-in' | 'operator';

export interface Route {
  readonly on: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
  readonly who: Who;
  /** Its address proves the right to do it: it takes no token of a form (mail programs send it). */
  readonly signed?: true;
  readonly run: Handler;
}
