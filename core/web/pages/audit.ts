import type { Request, Response } from 'express';
import { NO_STORE } from '../../access/audit-seal-store.ts';
import type { Verdict } from '../../access/audit-verdict.ts';
import { sendAuditFile } from '../audit-file.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { principalOf } from '../http/guard.ts';
import { FORMATS } from '../http/list-file.ts';
import { momentOf } from '../http/message-query.ts';
import { filterText, queryChoice, queryText } from '../http/request.ts';
import type { Web } from '../services.ts';
import { type AuditQueryText, auditPage, ENTRIES_A_PAGE } from '../view-models/audit-page.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { storePlace } from './context.ts';
import { showPage } from './page.ts';

/** Who changed what in the store, and who opened a credential: for its owners. */
export async function showAudit(web: Web, req: Request, res: Response): Promise<void> {
  const { store } = await storePlace(web, req, 'manage');
  const { query, ...page } = await pageOf(web, req, store.id);
  const checked = req.query['check'] === undefined ? undefined : await web.auditSeals.verify(store.id);
  const verdict = checked && { ...checked, faults: checked.faults.map(said) };
  const title = t('audit.title');
  const model = auditPage({
    title,
    lead: t('audit.leadOf', { store: store.name }),
    crumb: { href: '/integrations', text: store.name },
    here: '/audit',
    query,
    verdict,
    ...page,
  });
  await showPage(web, req, res, { name: 'audit', title, model, store });
}

export async function downloadAudit(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  const sought = { ...soughtOf(queryOf(req)), storeId: store.id };
  const format = queryChoice(req, 'format', FORMATS) ?? 'csv';
  await web.audit.record({ storeId: store.id, principal, action: 'audit.export', detail: { format }, ip: req.ip });
  await sendAuditFile(web, res, { name: store.slug, format, sought });
}

/** The same of all stores and of none, for the hub's administrator. */
export async function showAdminAudit(web: Web, req: Request, res: Response): Promise<void> {
  const [{ query, ...page }, stores] = await Promise.all([pageOf(web, req, undefined), web.stores.list(principalOf(req))]);
  const title = t('audit.title');
  const model = auditPage({
    title,
    lead: t('audit.leadAll'),
    crumb: { href: '/admin', text: t('frame.administration') },
    here: '/admin/audit',
    query,
    stores: new Map(stores.map(({ id, name }) => [id, name])),
    verdict: req.query['check'] === undefined ? undefined : await verdictOfAll(web),
    ...page,
  });
  await showPage(web, req, res, { name: 'audit', title, model });
}

export async function downloadAdminAudit(web: Web, req: Request, res: Response): Promise<void> {
  const sought = { ...soughtOf(queryOf(req)), storeId: undefined };
  const format = queryChoice(req, 'format', FORMATS) ?? 'csv';
  await web.audit.record({ principal: principalOf(req), action: 'audit.export', detail: { format }, ip: req.ip });
  await sendAuditFile(web, res, { name: 'all', format, sought });
}

async function pageOf(web: Web, req: Request, storeId: string | undefined) {
  const query = queryOf(req);
  const cursor = queryText(req, 'cursor');
  const found = await web.auditLog.page({ ...soughtOf(query), storeId }, { limit: ENTRIES_A_PAGE, after: positionOf(cursor) });
  const templateOf = (id: string) => web.registry.template(id);
  return { query, templateOf, entries: found.entries, next: cursorOf(found.next), paged: cursor !== undefined };
}

function queryOf(req: Request): AuditQueryText {
  const text = (name: string) => filterText(req, name);
  return {
    actor: text('actor'),
    action: text('action'),
    target: text('target'),
    from: text('from'),
    until: text('until'),
    text: text('text'),
  };
}

function soughtOf({ from, until, ...words }: AuditQueryText) {
  return { ...words, from: momentOf(from), until: momentOf(until) };
}

/** One sentence for all logs. */
async function verdictOfAll(web: Web): Promise<Omit<Verdict, 'seals'>> {
  const sum = { intact: true, entries: 0, dropped: 0, loose: 0, head: null as string | null, faults: [] as string[] };
  for (const id of await web.auditSeals.scopes()) {
    const { intact, entries, dropped, loose, head, faults } = await web.auditSeals.verify(id);
    sum.intact &&= intact;
    sum.entries += entries;
    sum.dropped += dropped;
    sum.loose += loose;
    if (id === NO_STORE) sum.head = head;
    const whose = id === NO_STORE ? t('audit.hub') : t('audit.storeOf', { id });
    sum.faults.push(...faults.map((fault) => `${whose}: ${said(fault)}`));
  }
  return sum;
}
