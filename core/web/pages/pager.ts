import type { Request } from 'express';
import type { Paging, Position } from '../../database/list-page.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { queryText } from '../http/request.ts';

/** Where the rest of a list is. */
export interface Pager {
  readonly newestHref: string | undefined;
  readonly olderHref: string | undefined;
}

/** @throws Rejected for a cursor that is none of ours */
export function pagingOf(req: Request, limit: number, ids?: 'uuid' | 'number'): Paging {
  return { limit, after: positionOf(queryText(req, 'cursor'), ids) };
}

/** @param list where it begins, and the place on its page: `/privacy#export`, `/admin/mail?state=dead` */
export function pagerOf(list: string, { after }: Paging, next: Position | undefined): Pager {
  const cursor = cursorOf(next);
  const [, page, place = ''] = /^([^#]*)(#.*)?$/.exec(list) ?? [];
  const behind = `${page}${page?.includes('?') ? '&' : '?'}cursor=${cursor}${place}`;
  return { newestHref: after && list, olderHref: cursor === null ? undefined : behind };
}
