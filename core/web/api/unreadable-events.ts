import { IsUUID, Matches } from 'class-validator';
import { sendFile } from '../event-body.ts';
import { pageIn } from '../http/cursor.ts';
import { Says } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { actorOf } from './people.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, type Call, ok, operator, type Reply } from './route.ts';
import { bool, moment, named, object, orNull, pageOf, text, uuid, whole } from './schema.ts';

/** Rows of one answer's pages, all in all. */
const MOST = 10_000;

class Chosen {
  @IsUUID('all')
  integration!: string;

  @Says('The last `row` you have seen: what was found behind it stays as it is.')
  @Matches(/^\d{1,18}$/)
  last!: string;
}

const ROW = named(
  'UnreadableEvents',
  object({
    store: object({ id: uuid, name: text }),
    integration: object({ id: uuid, name: text }),
    pluginId: text,
    row: { ...text, description: 'Which it is; rows of an integration are in the order in which they came.' },
    count: { ...whole, description: 'Events in it.' },
    bytes: whole,
    problem: { ...text, description: 'Why it cannot be read.' },
    receivedAt: moment,
    setAsideAt: { ...orNull(moment), description: 'Null while it holds up what its integration received later.' },
    settled: { ...bool, description: 'Whether it has been unreadable for five minutes, so that it may be set aside.' },
  }),
);
const MOVED = object({ count: whole, rows: whole, bytes: whole });

async function listUnreadable({ web, query }: Call<unknown, PageQuery>): Promise<Reply> {
  const { rows } = await web.unreadable.rows(MOST);
  const { page, next } = pageIn(rows, query, ({ integrationId, row }) => `${integrationId} ${row}`);
  const shown = page.map(({ storeId, store, integrationId, integration, isSettled, ...row }) => ({
    ...row,
    store: { id: storeId, name: store },
    integration: { id: integrationId, name: integration },
    settled: isSettled,
  }));
  return ok({ rows: shown, next });
}

async function download({ web, req, res, principal }: Call): Promise<undefined> {
  const row = param(req, 'row');
  const by = actorOf({ principal, req });
  sendFile(res, `unreadable-${row}.bin`, await web.unreadable.copy(param(req, 'integration'), row, by));
}

async function setAside({ web, body: { integration, last }, ...call }: Call<Chosen>): Promise<Reply> {
  return ok(await web.unreadable.setAside({ integrationId: integration, last }, actorOf(call)));
}

async function putBack({ web, body: { integration, last }, ...call }: Call<Chosen>): Promise<Reply> {
  return ok(await web.unreadable.putBack({ integrationId: integration, last }, actorOf(call)));
}

const HERE = '/api/admin/events/unreadable';
const tag = 'Administration';

/** For operators: accepted messages that nobody can read, and hold up what came behind them. */
export const unreadableEventRoutes: readonly ApiRoute[] = [
  operator({
    on: `GET ${HERE}`,
    tag,
    does: 'List what cannot be read',
    query: PageQuery,
    answers: { 200: { says: 'What holds up its integration, then what was set aside.', schema: pageOf('rows', ROW) } },
    run: listUnreadable,
  }),
  operator({
    on: `GET ${HERE}/:integration/:row`,
    tag,
    does: 'Download what cannot be read',
    answers: {
      200: { says: 'As it is kept.', schema: { type: 'string', format: 'binary' }, type: 'application/octet-stream' },
    },
    run: download,
  }),
  operator({
    on: `POST ${HERE}/set-aside`,
    tag,
    does: 'Set aside what cannot be read',
    more: 'What came behind it is handled from then on. It is kept for as long as its store keeps events.',
    body: Chosen,
    answers: { 200: { says: 'How much it was.', schema: MOVED } },
    run: setAside,
  }),
  operator({
    on: `POST ${HERE}/put-back`,
    tag,
    does: 'Put back what was set aside',
    more: 'It waits behind all that came since, for a version that can read it.',
    body: Chosen,
    answers: { 200: { says: 'How much it was.', schema: MOVED } },
    run: putBack,
  }),
];
