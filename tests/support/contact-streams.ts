import type { Item, Page, Stream } from '../../core/sdk/index.ts';

export const contact = (n: number, name = `Contact ${n}`): Item => ({ id: `c${String(n).padStart(4, '0')}`, data: { name } });
export const contacts = (count: number, from = 0): Item[] => Array.from({ length: count }, (_, at) => contact(from + at));

/** Pages of 10 in a fixed order; the checkpoint says how many are done. */
export function paged(
  all: readonly Item[],
  mode: 'incremental' | 'full' = 'incremental',
  onPage?: (at: number) => void | Promise<void>,
): Stream {
  return {
    title: 'Contacts',
    mode,
    async *sync(_, from) {
      for (let at = Number(from?.['done'] ?? 0); at < all.length; at += 10) {
        await onPage?.(at / 10);
        yield { items: all.slice(at, at + 10), checkpoint: { done: Math.min(at + 10, all.length) } };
      }
    },
  };
}

/** A stream of ready pages, whatever it is asked for. */
export function scripted(pages: readonly (Page | Error)[], mode: 'incremental' | 'full' = 'incremental'): Stream {
  return {
    title: 'Contacts',
    mode,
    async *sync() {
      for (const page of pages) {
        if (page instanceof Error) throw page;
        yield page;
      }
    },
  };
}
