import type { Request } from 'express';
import { principalOf } from './guard.ts';

/** Who alone may finish an OAuth dance: the browser session that began it, or the person behind the API key. */
export function oauthBinding(req: Request): string {
  const { kind, userId, sessionId } = principalOf(req);
  return kind === 'session' && sessionId ? `session:${sessionId}` : `user:${userId}`;
}
