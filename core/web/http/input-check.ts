import type { NextFunction, Request, Response } from 'express';
import { pointerTo } from '../../plugins/form-messages.ts';
import { type FieldFault, Rejected } from '../../sdk/errors.ts';

/** Deeper than any form or call needs, and far from where recursive checks run out of stack. */
const DEEPEST = 64;

/**
 * Refuses an address that holds what no text column can: the database would, and that would look like our failure. And a call
 * to two hosts, of which each reader would take another (RFC 9112 section 3.2).
 */
export function checkAddress(req: Request, _res: Response, next: NextFunction): void {
  if ((req.headersDistinct['host']?.length ?? 0) > 1) throw refusal('The call names two hosts; send one Host header.', '');
  if (/%00/.test(req.originalUrl)) throw refusal('The address holds a NUL character (%00); remove it.', '');
  next();
}

/**
 * The same for a body that has been read.
 * @throws Rejected with the pointer of the text at fault, also for nesting beyond {@link DEEPEST}
 */
export function checkBody(body: unknown): void {
  check(body, '', DEEPEST);
}

function check(value: unknown, pointer: string, depth: number): void {
  if (typeof value === 'string') checkText(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw refusal(`The body is nested more than ${DEEPEST} levels deep.`, '');
  for (const [name, member] of Object.entries(value)) {
    checkText(name, pointer);
    check(member, pointerTo(pointer, name), depth - 1);
  }
}

function checkText(text: string, pointer: string): void {
  if (text.includes('\0')) throw refusal('A text holds a NUL character; remove it.', pointer);
  if (!text.isWellFormed()) throw refusal('A text holds half a character (a lone surrogate); send whole ones.', pointer);
}

function refusal(message: string, pointer: string): Rejected {
  return new Rejected(message, { fields: [{ pointer, message } satisfies FieldFault] });
}
