import type { NextFunction, Request, Response } from 'express';
import { pointerTo } from '../../plugins/form-messages.ts';
import { type FieldFault, Rejected } from '../../sdk/errors.ts';

/** Deeper than any form or call needs, and far from where recursive checks run out of stack. */
const DEEPEST = 64;
/** Of one object: as many as a form may have. Each that nobody knows is told of. */
const MOST_FIELDS = 5000;
const LONGEST_NAME = 1000;
const MOST_VALUES = 100_000;

/** How much more there may be. */
interface Left {
  levels: number;
  values: number;
}

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
 * @throws Rejected with the pointer of what is at fault, also for nesting beyond {@link DEEPEST} and for more than can be checked
 * without holding up others
 */
export function checkBody(body: unknown): void {
  check(body, '', { levels: DEEPEST, values: MOST_VALUES });
}

function check(value: unknown, pointer: string, left: Left): void {
  if (typeof value === 'string') checkText(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  if (left.levels === 0) throw refusal(`The body is nested more than ${DEEPEST} levels deep.`, '');
  const members = Object.entries(value);
  left.values -= members.length;
  if (left.values < 0 || (!Array.isArray(value) && members.length > MOST_FIELDS)) {
    throw refusal(`The body holds more than ${MOST_VALUES} values, or ${MOST_FIELDS} in one place; send less at once.`, '');
  }
  left.levels -= 1;
  for (const [name, member] of members) {
    if (name.length > LONGEST_NAME) throw refusal(`A name is longer than ${LONGEST_NAME} characters.`, '');
    checkText(name, pointer);
    check(member, pointerTo(pointer, name), left);
  }
  left.levels += 1;
}

function checkText(text: string, pointer: string): void {
  if (text.includes('\0')) throw refusal('A text holds a NUL character; remove it.', pointer);
  if (!text.isWellFormed()) throw refusal('A text holds half a character (a lone surrogate); send whole ones.', pointer);
}

function refusal(message: string, pointer: string): Rejected {
  return new Rejected(message, { fields: [{ pointer, message } satisfies FieldFault] });
}
