import type { Request, Response } from 'express';
import { callingPlugins } from '../../plugins/calling-plugins.ts';
import { Rejected } from '../../sdk/errors.ts';
import { principalOf } from '../http/guard.ts';
import { bodyText } from '../http/request.ts';
import type { Web } from '../services.ts';
import { adminEvents } from '../view-models/admin-events.ts';
import { t } from '../words/texts.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

/** What came from providers, of all stores, and needs somebody. */
export async function showAdminEvents(web: Web, req: Request, res: Response): Promise<void> {
  const { desk, spoolFigures } = web;
  const [unsorted, unreadable, isSetAside, unclaimed, unchecked, stranded, silent] = await Promise.all([
    spoolFigures.all(),
    spoolFigures.unreadable(),
    web.unreadable.isSetAside(),
    desk.unclaimed(),
    desk.unchecked(),
    desk.stranded(),
    desk.silent(callingPlugins(web.registry)),
  ]);
  const nameOf = (id: string) => web.registry.template(id)?.name ?? id;
  const isHere = (id: string) => web.registry.get(id) !== undefined;
  const found = { unsorted, unreadable, unclaimed, unchecked, stranded, silent };
  const model = { ...adminEvents({ ...found, nameOf, isHere }), isSetAside };
  await showPage(web, req, res, { name: 'admin-events', title: t('tray.title'), model });
}

/** Gives an account's messages to the integration that has the account by now, however old they are. */
export async function handOver(web: Web, req: Request, res: Response): Promise<void> {
  const { plugin, account } = fieldsOf(req);
  await finish(req, res, '/admin/events', async () => {
    const [found] = account ? (await web.desk.unclaimed({ pluginId: plugin, account })).rows : [];
    const { storeId, integrationId } = found ?? {};
    if (!account || !storeId || !integrationId) throw new Rejected(t('tray.notConnected'));
    const attach = { pluginId: plugin, account, storeId, integrationId, since: new Date(0) };
    const count = await web.trays.attach(attach);
    await note(web, req, { action: 'event.hand-over', target: integrationId, storeId, detail: { plugin, count } });
    return t('tray.handedOver', { count, integration: found?.integration, store: found?.store });
  });
}

/** Has a plugin check what came while it was away, where that was missed. */
export async function checkUnchecked(web: Web, req: Request, res: Response): Promise<void> {
  const { plugin } = fieldsOf(req);
  await finish(req, res, '/admin/events', async () => {
    if (!web.registry.get(plugin)) throw new Rejected(t('tray.pluginAway'));
    const accepted = await web.intake.verifyParked(plugin);
    await note(web, req, { action: 'event.check', target: plugin, detail: { accepted } });
    return t('tray.accepted', { count: accepted });
  });
}

/** Has messages of one integration that say the same of themselves handled again. */
export async function replayStranded(web: Web, req: Request, res: Response): Promise<void> {
  const { store: storeId, integration: integrationId, state, reason } = fieldsOf(req);
  await finish(req, res, '/admin/events', async () => {
    const states = [state === 'parked' ? ('parked' as const) : ('dead' as const)];
    const { id } = await web.integrationStore.get(storeId, integrationId);
    const replayed = await web.replays.run({ storeId, integrationId: id, states, reason: reason || undefined });
    await note(web, req, { action: 'event.replay', target: id, storeId, detail: { states, reason, replayed } });
    return replayed === 0 ? t('events.nothingWasAgain') : t('tray.replayed', { count: replayed });
  });
}

type Field = 'plugin' | 'account' | 'store' | 'integration' | 'state' | 'reason';

function fieldsOf(req: Request): Record<Field, string> {
  const text = (name: Field) => bodyText(req, name);
  const [plugin, account, store] = [text('plugin'), text('account'), text('store')];
  return { plugin, account, store, integration: text('integration'), state: text('state'), reason: text('reason') };
}

interface Note {
  readonly action: string;
  readonly target: string;
  readonly storeId?: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

async function note(web: Web, req: Request, entry: Note): Promise<void> {
  await web.audit.record({ ...entry, principal: principalOf(req), ip: req.ip });
}
