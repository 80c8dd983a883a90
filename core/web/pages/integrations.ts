import type { Request, Response } from 'express';
import type { StoreView } from '../../access/stores.ts';
import { templateStamp } from '../card-stamp.ts';
import { KeptAnswers } from '../http/kept-answers.ts';
import type { Web } from '../services.ts';
import { cardView, type Viewer } from '../view-models/card-view.ts';
import { type CardsSought, integrationsPage } from '../view-models/cards-view.ts';
import { waitWords } from '../view-models/plugin-view.ts';
import { inReadersLanguage } from '../words/plugin-texts.ts';
import { reader } from '../words/reader.ts';
import { t } from '../words/texts.ts';
import { type CardConnection, connectionsOf } from './connections.ts';
import { storePlace } from './context.ts';
import { KeptPart } from './kept-part.ts';
import { showPage } from './page.ts';

/** What is the same for everybody who may see the same of a store. */
interface Cards {
  readonly part: KeptPart;
  readonly live: boolean;
  readonly sandbox: boolean;
}

/** Several hubs may run in one process. */
const kept = new WeakMap<Web, KeptAnswers<Cards>>();

export async function showIntegrations(web: Web, req: Request, res: Response): Promise<void> {
  const { store, viewer } = await storePlace(web, req, 'view');
  const sought = soughtBy(req);
  const known = kept.get(web) ?? new KeptAnswers<Cards>();
  kept.set(web, known);
  const key = JSON.stringify([store, viewer, sought, reader()]);
  const stamp = await web.changeStamps.of(store.id);
  const templates = templateStamp(web);
  const { part, live, sandbox } = await known.of(key, `${stamp} ${templates}`, () => cardsOf(web, { store, viewer, sought }));
  const refresh = live ? 5 : undefined;
  const madeOf = { storeId: store.id, stamp, isSame: () => templateStamp(web) === templates };
  const title = t('frame.integrations');
  await showPage(web, req, res, { name: 'integrations', title, model: part, store, sandbox, refresh, madeOf });
}

async function cardsOf(web: Web, { store, viewer, sought }: { store: StoreView; viewer: Viewer; sought: CardsSought }) {
  const templates = web.registry.templates().map(inReadersLanguage);
  const integrations = await web.integrationStore.list({ storeId: store.id });
  const connections = await connectionsOf(web, templates, integrations);
  const [waits, waiting, setUps] = await Promise.all([
    web.wishList.ofStore(store.id),
    viewer.operator ? web.wishList.counts() : undefined,
    viewer.manage ? web.setUps.unfinished(store.id) : [],
  ]);
  const told = waitWords(web.mail.mode);
  const begun = new Set(setUps.map(({ integrationId }) => integrationId));
  const cards = templates
    .flatMap((template, index) => cardView(template, (connections[index] ?? []).map(goingOn(begun)), viewer) ?? [])
    .map((card) => ({ ...card, waits: waits.has(card.id) ? told : undefined, waiting: waiting?.get(card.id) ?? 0 }));
  const model = { ...integrationsPage(cards, sought, viewer.manage), liveHref: `/api/stores/${store.slug}/runs/live` };
  return {
    part: new KeptPart((shell) => web.views.part('integrations', model, shell)),
    live: model.live,
    // Beside a real account the sentence would not be true.
    sandbox: web.sandbox.plugins().length > 0 && integrations.every(({ sandbox }) => sandbox),
  };
}

/** @param begun integrations whose set-up waits for somebody */
function goingOn(begun: ReadonlySet<string>): (connection: CardConnection) => CardConnection {
  return (connection) => {
    const full = t('wizard.continue', { name: connection.called });
    const goOn = { href: `${connection.href}/configure`, text: t('cards.goOn'), full };
    return begun.has(connection.id) && connection.works && !connection.fix ? { ...connection, goOn } : connection;
  };
}

function soughtBy({ query }: Request): CardsSought {
  const text = (name: string) => {
    const value = query[name];
    return typeof value === 'string' ? value.trim().slice(0, 100) : '';
  };
  return { query: text('q'), state: text('state'), category: text('category') };
}
