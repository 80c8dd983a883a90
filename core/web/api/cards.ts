import { CATEGORIES } from '../../sdk/index.ts';
import { isShown } from '../card.ts';
import { cardStamp } from '../card-stamp.ts';
import { pageIn } from '../http/cursor.ts';
import { anyText, InQuery, oneOf } from '../http/dto.ts';
import { KeptAnswers } from '../http/kept-answers.ts';
import { integrationsJson, templateJson, withHealth } from '../integration-json.ts';
import type { Web } from '../services.ts';
import { inStore } from './place.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, at, type Call, ok, type Reply, type StoreCall, signedIn } from './route.ts';
import { pageOf } from './schema.ts';
import { CARD_STATE, STORE, TEMPLATE } from './schemas.ts';

class CardsQuery extends PageQuery {
  // Pages of cards would be a surprise: there are as many as plugins.
  override readonly limit: number = 200;

  @InQuery(oneOf(CATEGORIES))
  readonly category?: string;

  @InQuery(oneOf(CARD_STATE), 'Of the card.')
  readonly state?: string;

  @InQuery(anyText(100), 'A plugin’s id.')
  readonly plugin?: string;
}

async function listStores({ web, principal, query }: Call<unknown, PageQuery>): Promise<Reply> {
  const { page, next } = pageIn(await web.stores.list(principal), query, ({ id }) => id);
  return ok({ stores: page, next });
}

/** Several hubs may run in one process. */
const answers = new WeakMap<Web, KeptAnswers<string>>();

async function listCards(call: StoreCall<unknown, CardsQuery>): Promise<Reply> {
  const { web, principal, store, query } = call;
  const kept = answers.get(web) ?? new KeptAnswers<string>();
  answers.set(web, kept);
  const stamp = await cardStamp(web, store.id);
  return { status: 200, json: await kept.of(JSON.stringify([store, principal.operator, query]), stamp, () => cardsJson(call)) };
}

async function cardsJson({ web, principal, store, query }: StoreCall<unknown, CardsQuery>): Promise<string> {
  const { operator } = principal;
  const held = Map.groupBy(
    await withHealth(web, await web.integrationStore.list({ storeId: store.id })),
    ({ pluginId }) => pluginId,
  );
  const shown = web.registry
    .templates()
    .filter(({ id, category }) => (query.plugin ?? id) === id && (query.category ?? category) === category)
    .map((template) => ({ template, own: held.get(template.id) ?? [] }))
    .filter(({ template, own }) => isShown(template, own.length, operator))
    .map(({ template, own }) => ({ json: templateJson(template, own, operator), own }))
    .filter(({ json }) => (query.state ?? json['state']) === json['state']);
  const { page, next } = pageIn(shown, query, ({ json }) => String(json['id']));
  const told = await integrationsJson(
    web,
    page.flatMap(({ own }) => own),
  );
  const templates = page.map(({ json, own }) => ({ ...json, integrations: own.map(({ id }) => told.get(id)) }));
  return JSON.stringify({ store, templates, next });
}

export const cardRoutes: readonly ApiRoute[] = [
  signedIn({
    on: 'GET /api/stores',
    tag: 'Stores',
    does: 'List your stores',
    query: PageQuery,
    answers: { 200: { says: 'Those the caller belongs to.', schema: pageOf('stores', STORE) } },
    run: listStores,
  }),
  at(inStore)({
    on: 'GET /api/stores/:store/integrations',
    tag: 'Integrations',
    does: 'List every card with its integrations',
    query: CardsQuery,
    answers: { 200: { says: 'Cards, by category.', schema: pageOf('templates', TEMPLATE, { store: STORE }) } },
    run: listCards,
  }),
];
