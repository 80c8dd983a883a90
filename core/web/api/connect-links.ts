import { IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { LINK_STATUS } from '../../integrations/connect-link-store.ts';
import type { ConnectLink } from '../../integrations/connect-links.ts';
import { IfGiven, IsName, Says } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { inStore } from './place.ts';
import { type ApiRoute, at, created, ok, type Reply, type StoreCall } from './route.ts';
import { extended, moment, named, object, oneOfTexts, orNull, text, url, uuid } from './schema.ts';

class NewConnectLink {
  @Says('A plugin’s id.')
  @IsString()
  @Length(1, 100)
  plugin!: string;

  @Says('Where the person comes back to; one of those the operator allows (`CONNECT_RETURN_URLS`).')
  @IsString()
  @MaxLength(2000)
  returnUrl!: string;

  @Says('Connect this one again.')
  @IfGiven()
  @IsUUID('all')
  integration?: string;

  @Says('What a new integration is to be called.')
  @IfGiven()
  @IsName()
  name?: string;
}

const LINK = named(
  'ConnectLink',
  object({
    id: uuid,
    plugin: text,
    status: oneOfTexts([...LINK_STATUS, 'expired']),
    integration: { ...orNull(uuid), description: 'Once connected, the one it is about.' },
    returnUrl: url,
    createdAt: moment,
    expiresAt: moment,
    openedAt: orNull(moment),
    endedAt: orNull(moment),
  }),
);

const MADE = named(
  'NewConnectLinkAnswer',
  extended(LINK, {
    url: { ...url, description: 'Send the person’s browser there: once, within 30 minutes.' },
    resultKey: { ...text, description: 'Base64url: what the `result` they bring back, a JWT (HS256), is signed with.' },
  }),
);

async function make({ web, principal, store, body }: StoreCall<NewConnectLink>): Promise<Reply> {
  const { plugin: pluginId, returnUrl, integration: integrationId, name } = body;
  const { link, url, resultKey } = await web.connectLinks.make({ store, principal, pluginId, returnUrl, integrationId, name });
  return created({ ...linkJson(link), url, resultKey });
}

function linkJson(link: ConnectLink) {
  const { id, pluginId, status, expired, integrationId, returnUrl, createdAt, expiresAt, openedAt, endedAt } = link;
  const open = status === 'new' || status === 'opened';
  const shown = { id, plugin: pluginId, status: open && expired ? 'expired' : status, integration: integrationId, returnUrl };
  return { ...shown, createdAt, expiresAt, openedAt, endedAt };
}

const BASE = '/api/stores/:store/connect-links';
const tag = 'Connect links';
const here = at(inStore);

export const connectLinkRoutes: readonly ApiRoute[] = [
  here({
    on: `POST ${BASE}`,
    tag,
    does: 'Make a connect link',
    more: 'Lets your own app send its owner through connecting without a login here. It works in the first browser that opens it.',
    need: 'manage',
    body: NewConnectLink,
    once: true,
    problems: ['PLUGIN_UNAVAILABLE'],
    answers: { 201: { says: 'The link.', schema: MADE } },
    run: make,
  }),
  here({
    on: `GET ${BASE}/:link`,
    tag,
    does: 'Read what became of it',
    answers: { 200: { says: 'The link, without its URL.', schema: LINK } },
    run: async ({ web, req, store }) => ok(linkJson(await web.connectLinks.get(store.id, param(req, 'link')))),
  }),
];
