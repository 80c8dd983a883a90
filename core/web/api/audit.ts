import type { AuditSought } from '../../access/audit-list-store.ts';
import { NO_STORE } from '../../access/audit-seal-store.ts';
import type { Verdict } from '../../access/audit-verdict.ts';
import { sendAuditFile } from '../audit-file.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { anyText, InQuery, oneOf, time, wholeNumber } from '../http/dto.ts';
import { FORMATS, type Format, LIST_FILE } from '../http/list-file.ts';
import { entrySays } from '../view-models/audit-words.ts';
import { inStore } from './place.ts';
import { MOST_PER_PAGE } from './query.ts';
import { type ApiRoute, at, type Call, ok, operator, type Reply, type StoreCall } from './route.ts';
import { anything, bool, listOf, moment, named, object, orNull, pageOf, text, uuid, whole } from './schema.ts';

class AuditFilter {
  @InQuery(anyText(), 'Part of who did it.')
  readonly actor?: string;

  @InQuery(anyText(), 'What was done, `integration.connect`; all of a kind with a dot at the end: `integration.`.')
  readonly action?: string;

  @InQuery(anyText(), 'What it was done to, mostly an id.')
  readonly target?: string;

  @InQuery(time, 'Done at this time or later.')
  readonly from?: Date;

  @InQuery(time, 'Done before it.')
  readonly until?: Date;

  @InQuery(anyText(), 'Part of anything an entry says.')
  readonly text?: string;
}

class AuditQuery extends AuditFilter {
  @InQuery(wholeNumber(1, MOST_PER_PAGE), 'How many at most.')
  readonly limit: number = 50;

  @InQuery(anyText(500), 'Where to go on: `next` of the answer before.')
  readonly cursor?: string;
}

class AuditFileQuery extends AuditFilter {
  @InQuery(oneOf(FORMATS), 'Default `jsonl`: one object a line.')
  readonly format: Format = 'jsonl';
}

const ENTRY = named(
  'AuditEntry',
  object({
    id: uuid,
    storeId: orNull(uuid),
    at: moment,
    actor: { ...text, description: 'A person’s address, an API key, `system`, `plugin:<id>`, …' },
    action: text,
    target: orNull(text),
    targetName: orNull(text),
    says: { ...text, description: 'The same in words.' },
    detail: { ...anything, description: 'Names and facts; never a secret.' },
    ip: orNull(text),
  }),
);

const VERDICT = named(
  'AuditVerdict',
  object({
    intact: bool,
    entries: { ...whole, description: 'Sealed and checked.' },
    dropped: { ...whole, description: 'Removed when their time was over; the chain still shows that they were there.' },
    loose: { ...whole, description: 'Made in the last minute, not sealed yet.' },
    seals: whole,
    head: {
      ...orNull(text),
      description: 'Hash of the last seal; note it elsewhere to notice if the end of the log is cut off.',
    },
    faults: listOf(text),
  }),
);

type Within = Pick<AuditSought, 'storeId'>;

async function list({ web, query }: Call<unknown, AuditQuery>, within: Within): Promise<Reply> {
  const { limit, cursor, ...sought } = query;
  const { entries, next } = await web.auditLog.page({ ...sought, ...within }, { limit, after: positionOf(cursor) });
  return ok({ entries: entries.map((entry) => ({ ...entry, says: entrySays(entry) })), next: cursorOf(next) });
}

async function file({ web, res, query }: Call<unknown, AuditFileQuery>, within: Within, name: string): Promise<undefined> {
  const { format, ...sought } = query;
  await sendAuditFile(web, res, { name, format, sought: { ...sought, ...within } });
}

const LIST = { 200: { says: 'Latest first.', schema: pageOf('entries', ENTRY) } };
const CHECK_MORE =
  'Entries are sealed within a minute: each seal holds a hash of its entries and of the seal before, signed with a key that is not in the database.';
const BASE = '/api/stores/:store/audit';
const ALL = '/api/admin/audit';
const tag = 'Audit log';
const here = at(inStore);

async function verify({ web, store }: StoreCall): Promise<Reply> {
  return ok(await web.auditSeals.verify(store.id));
}

async function verifyAll({ web }: Call): Promise<Reply> {
  const scopes = await web.auditSeals.scopes();
  const logs: (Verdict & { storeId: string | null })[] = [];
  for (const id of scopes) logs.push({ storeId: id === NO_STORE ? null : id, ...(await web.auditSeals.verify(id)) });
  return ok({ intact: logs.every(({ intact }) => intact), logs });
}

export const auditRoutes: readonly ApiRoute[] = [
  here({
    on: `GET ${BASE}`,
    tag,
    does: 'Search the log of a store',
    more: 'Who changed what, and who opened a credential. What the hub itself opens for syncs and the like is counted by integration and hour: `credential.use`.',
    need: 'manage',
    query: AuditQuery,
    answers: LIST,
    run: (call) => list(call, { storeId: call.store.id }),
  }),
  here({
    on: `GET ${BASE}/file`,
    tag,
    does: 'Download the log of a store',
    need: 'manage',
    query: AuditFileQuery,
    answers: LIST_FILE,
    run: (call) => file(call, { storeId: call.store.id }, call.store.slug),
  }),
  here({
    on: `GET ${BASE}/check`,
    tag,
    does: 'Check that the log was not changed',
    more: CHECK_MORE,
    need: 'manage',
    answers: { 200: { says: 'What was found.', schema: VERDICT } },
    run: verify,
  }),
  operator({
    on: `GET ${ALL}`,
    tag,
    does: 'Search the log of all stores',
    query: AuditQuery,
    answers: LIST,
    run: (call) => list(call, { storeId: undefined }),
  }),
  operator({
    on: `GET ${ALL}/file`,
    tag,
    does: 'Download the log of all stores',
    query: AuditFileQuery,
    answers: LIST_FILE,
    run: (call) => file(call, { storeId: undefined }, 'all'),
  }),
  operator({
    on: `GET ${ALL}/check`,
    tag,
    does: 'Check that no log was changed',
    more: CHECK_MORE,
    answers: {
      200: {
        says: 'By store; `null` is what concerns no store.',
        schema: object({
          intact: bool,
          logs: listOf({
            ...VERDICT,
            title: 'StoreAuditVerdict',
            properties: { storeId: orNull(uuid), ...(VERDICT['properties'] as object) },
          }),
        }),
      },
    },
    run: verifyAll,
  }),
];
