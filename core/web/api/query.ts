import { type ValidationError, validate } from 'class-validator';
import type { Request } from 'express';
import { type FieldFault, Rejected } from '../../sdk/errors.ts';
import { anyText, type Dto, InQuery, queryKinds, wholeNumber } from '../http/dto.ts';

export const MOST_PER_PAGE = 200;

/** A list is read page by page: `next` of one answer is the `cursor` of the next call. */
export class PageQuery {
  @InQuery(wholeNumber(1, MOST_PER_PAGE), 'How many at most.')
  readonly limit: number = 50;

  @InQuery(anyText(500), 'Where to go on: `next` of the answer before.')
  readonly cursor?: string;
}

/** The same for lists that can also be entered at a number. */
export class OffsetQuery extends PageQuery {
  @InQuery(wholeNumber(0, 1_000_000), 'How many to leave out; `cursor` is steadier while new ones arrive.')
  readonly offset: number = 0;
}

/**
 * The query as a checked instance of `Dto`: unknown parameters refused, each given once, read as its kind says. An empty
 * one counts as left out.
 * @throws Rejected with the pointer `/query/<name>` of each parameter at fault
 */
export async function queryOf<T extends object>(Dto: Dto<T>, req: Request): Promise<T> {
  const given = Object.entries(req.query).filter(([, value]) => value !== '');
  const kinds = queryKinds(Dto);
  const faults = given.flatMap(([name, value]) => wrongly(name, { value, known: kinds.has(name) }));
  if (faults.length > 0) throw refused(faults);
  const query = Object.assign(new Dto(), Object.fromEntries(given)) as T & Record<string, unknown>;
  const found = await validate(query, { forbidUnknownValues: false });
  if (found.length > 0) throw refused(found.map(faultOf));
  for (const [name, text] of given) Object.assign(query, { [name]: kinds.get(name)?.parse(text as string) });
  return query;
}

function wrongly(name: string, { value, known }: { value: unknown; known: boolean }): FieldFault[] {
  const pointer = `/query/${name}`;
  if (!known) return [{ pointer, message: `"${name.slice(0, 60)}" is not known here; remove it.` }];
  return typeof value === 'string' ? [] : [{ pointer, message: `Give "${name}" once.` }];
}

function faultOf({ property, constraints = {} }: ValidationError): FieldFault {
  return { pointer: `/query/${property}`, message: Object.values(constraints)[0] ?? `"${property}" is not right.` };
}

function refused(fields: readonly FieldFault[]): Rejected {
  const told = fields.slice(0, 3).map(({ message }) => message);
  return new Rejected(told.join(' '), { fields });
}
