import { missing, Refusal } from './answers.ts';
import { integer, type Params, text, texts, type Value } from './params.ts';
import type { Doc } from './shapes.ts';
import type { Kind, World } from './world.ts';

/** docs.stripe.com/api/pagination */
export const PAGING = ['limit', 'starting_after', 'ending_before', 'expand'] as const;

export interface Listing {
  readonly docs: readonly Doc[];
  readonly params: Params;
  /** `/v1/charges` */
  readonly url: string;
}

/** One page, newest first. */
export function page({ docs, params, url }: Listing): { object: 'list'; data: readonly Doc[]; has_more: boolean; url: string } {
  const limit = integer(params['limit'], 'limit') ?? 10;
  if (limit < 1 || limit > 100) {
    const message =
      limit < 1
        ? 'This value must be greater than or equal to 1.'
        : `This value must be less than or equal to 100 (it currently is ${limit}).`;
    throw new Refusal(400, message, { param: 'limit', code: 'parameter_invalid_integer' });
  }
  const [after, before] = [text(params['starting_after']), text(params['ending_before'])];
  if (after && before)
    throw new Refusal(400, 'You can only use one of starting_after and ending_before.', { param: 'starting_after' });
  const rest = after ? docs.slice(placeOf(docs, after, 'starting_after') + 1) : docs;
  const upTo = before ? rest.slice(0, placeOf(rest, before, 'ending_before')) : rest;
  const data = before ? upTo.slice(-limit) : upTo.slice(0, limit);
  return { object: 'list', data, has_more: upTo.length > data.length, url };
}

function placeOf(docs: readonly Doc[], id: string, param: string): number {
  const at = docs.findIndex((doc) => doc.id === id);
  if (at < 0) throw missing('object', id, param);
  return at;
}

/** `created=5` or `created[gte]=5&created[lt]=9`. */
export function created(docs: readonly Doc[], value: Value | undefined): readonly Doc[] {
  if (value === undefined) return docs;
  if (typeof value === 'string') return docs.filter((doc) => doc.created === integer(value, 'created'));
  if (Array.isArray(value)) throw new Refusal(400, 'Invalid object', { param: 'created' });
  const unknown = Object.keys(value).find((name) => !['gt', 'gte', 'lt', 'lte'].includes(name));
  if (unknown)
    throw new Refusal(400, `Received unknown parameter: created[${unknown}]`, { code: 'parameter_unknown', param: 'created' });
  const limit = (name: string, none: number) => integer(value[name], `created[${name}]`) ?? none;
  const [gt, gte, lt, lte] = [limit('gt', -1), limit('gte', 0), limit('lt', Infinity), limit('lte', Infinity)];
  return docs.filter((doc) => doc.created > gt && doc.created >= gte && doc.created < lt && doc.created <= lte);
}

export function equal(docs: readonly Doc[], params: Params, ...names: string[]): readonly Doc[] {
  const wanted = names.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]] as const]));
  return wanted.length === 0 ? docs : docs.filter((doc) => wanted.every(([name, value]) => doc[name] === value));
}

/** What may be expanded here, and where it is kept. */
const EXPANDED: Readonly<Record<string, Kind>> = {
  balance_transaction: 'balance_transactions',
  customer: 'customers',
  charge: 'charges',
  latest_invoice: 'invoices',
};

/** `expand[]=customer`, in a list `expand[]=data.customer`; on invoices also `payments`. */
export function expanded(world: World, slug: string, given: { params: Params; doc: Doc; inList: boolean }): Doc {
  const { params, doc, inList } = given;
  const names = texts(params['expand'], 'expand').map((name) => (inList ? name.replace(/^data\./, '') : name));
  const entries = names.map((name): [string, unknown] => {
    if (name === 'payments' && doc.object === 'invoice') return [name, paymentsOf(world, slug, doc)];
    const kind = EXPANDED[name];
    if (!kind || !(name in doc)) throw new Refusal(400, `This property cannot be expanded (${name}).`, { param: 'expand' });
    const id = doc[name];
    return [name, typeof id === 'string' ? (world.get(slug, kind, id) ?? id) : id];
  });
  return { ...doc, ...Object.fromEntries(entries) };
}

function paymentsOf(world: World, slug: string, { id }: Doc): object {
  const data = world.list(slug, 'invoice_payments').filter((payment) => payment['invoice'] === id);
  return { object: 'list', data, has_more: false, url: `/v1/invoice_payments?invoice=${id}` };
}
