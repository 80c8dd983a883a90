import type { Request, Response } from 'express';
import type { Connected } from '../../integrations/connect.ts';
import type { ConnectLink } from '../../integrations/connect-links.ts';
import { fromPost } from '../../plugins/form-post.ts';
import { hubError, NotFound, Rejected } from '../../sdk/index.ts';
import { answerFor } from '../http/errors.ts';
import { param, queryRecord } from '../http/request.ts';
import type { Web } from '../services.ts';
import { connectLinkPage } from '../view-models/connect-link-page.ts';
import { manifestOf, pluginPage, type Tried } from '../view-models/plugin-view.ts';
import { postedFields } from '../view-models/posted-fields.ts';
import { inReadersLanguage } from '../words/plugin-texts.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { heldBrowser, linkBrowser } from './link-binding.ts';
import { showPage } from './page.ts';
import { againOf, guideVars } from './plugin.ts';

interface Shown {
  readonly link: ConnectLink;
  readonly href: string;
  readonly tried?: Tried;
  readonly status?: number;
}

/** `GET /connect/:token`: looking uses nothing up, as programs that read mail look as well. What is sent from there does. */
export async function showConnectLink(web: Web, req: Request, res: Response): Promise<void> {
  const token = param(req, 'token');
  const link = await web.connectLinks.look(token, linkBrowser(web, req, res));
  await render(web, req, res, { link, href: `/connect/${token}` });
}

/** To the provider's consent page; what comes back is met by {@link returnToLink}. */
export async function connectLinkByOauth(web: Web, req: Request, res: Response): Promise<void> {
  const shown = await opened(web, req, res);
  const { link } = shown;
  try {
    const begin = { ...(await beginOf(web, link)), binding: bindingOf(web, req) };
    const { authorizeUrl } = await web.connect.oauthInitiate(begin);
    await web.connectLinks.began(link, authorizeUrl);
    res.redirect(303, authorizeUrl);
  } catch (error) {
    await refused(web, req, res, { ...shown, method: 'oauth', error });
  }
}

export async function connectLinkByKeys(web: Web, req: Request, res: Response): Promise<void> {
  const shown = await opened(web, req, res);
  const { link } = shown;
  const way = manifestOf(templateOf(web, link))?.auth.find(({ method }) => method === 'manual');
  if (way?.method !== 'manual') throw new Rejected(t('plugin.noKeysHere'), { code: 'PLUGIN_UNAVAILABLE' });
  const values = postedFields(way.fields, req.body);
  try {
    const fields = fromPost(way.fields, values);
    const to = await ended(web, link, async () => {
      await opened(web, req, res);
      return web.connect.manual({ ...(await beginOf(web, link)), fields });
    });
    res.redirect(303, to);
  } catch (error) {
    await refused(web, req, res, { ...shown, method: 'manual', values, error });
  }
}

export async function cancelLink(web: Web, req: Request, res: Response): Promise<void> {
  const { link } = await opened(web, req, res);
  res.redirect(303, await web.connectLinks.finish(link, undefined));
}

/**
 * A person back from a consent page that was begun from a link.
 * @returns false where it was begun otherwise
 */
export async function returnToLink(web: Web, req: Request, res: Response): Promise<boolean> {
  const query = queryRecord(req);
  const link = await web.connectLinks.ofState(query['state'], heldBrowser(web, req) ?? '');
  if (!link) return false;
  const principal = await web.connectLinks.principalOf(link);
  try {
    const came = { pluginId: param(req, 'plugin'), query, binding: bindingOf(web, req), principal };
    const to = await ended(web, link, async () => {
      await web.connectLinks.ofState(query['state'], heldBrowser(web, req) ?? '');
      return web.connect.oauthCallback(came);
    });
    res.redirect(303, to);
  } catch (error) {
    // The link's address is not known here, and the browser need not be told it again: the way back is.
    const { detail } = knownAnswer(error);
    const store = await web.stores.resolve(principal, link.storeId, 'view');
    const model = {
      heading: t('plugin.notConnected'),
      message: `${said(detail)} ${t('plugin.backToLink')}`,
      id: undefined,
    };
    const page = {
      name: 'error',
      title: t('plugin.notConnected'),
      model: { ...model, back: { href: link.returnUrl, text: t('plugin.leave') } },
    } as const;
    await showPage(web, req, res, { ...page, status: 422, store });
  }
  return true;
}

/**
 * Connects in turn, as one link makes one connection however many forms of it are sent at once; `connect` asks first
 * whether the link is still good.
 * @returns where to send the browser
 */
async function ended(web: Web, link: ConnectLink, connect: () => Promise<Connected>): Promise<string> {
  const turn = await web.idempotencyKeys.inTurn(`connect link ${link.id}`, async () =>
    web.connectLinks.finish(link, await connect()),
  );
  if (turn) return turn.answer;
  throw new Rejected(t('plugin.linkInUse'), { code: 'CONFLICT' });
}

/** From now on it works in this browser only. */
async function opened(web: Web, req: Request, res: Response): Promise<Shown> {
  const token = param(req, 'token');
  const link = await web.connectLinks.open(token, linkBrowser(web, req, res));
  return { link, href: `/connect/${token}` };
}

async function beginOf(web: Web, link: ConnectLink) {
  const principal = await web.connectLinks.principalOf(link);
  const store = await web.stores.resolve(principal, link.storeId, 'manage');
  const [integrationId, name] = [link.integrationId ?? undefined, link.name ?? undefined];
  return { store, principal, pluginId: link.pluginId, integrationId, name };
}

/** The cookie alone: a login of the hub has nothing to do with it. */
function bindingOf(web: Web, req: Request): string {
  return `link:${heldBrowser(web, req) ?? ''}`;
}

function templateOf(web: Web, { pluginId }: ConnectLink) {
  const template = web.registry.template(pluginId);
  if (template) return inReadersLanguage(template);
  throw new NotFound(t('plugin.linkGone'));
}

async function refused(
  web: Web,
  req: Request,
  res: Response,
  {
    error,
    method,
    values = {},
    ...shown
  }: Shown & Omit<Tried, 'faults' | 'message' | 'values'> & { error: unknown; values?: Tried['values'] },
): Promise<void> {
  const { status, detail, fields: faults = [] } = knownAnswer(error);
  const message = said(detail);
  await render(web, req, res, { ...shown, tried: { method, values, faults, message }, status: status === 400 ? 422 : status });
}

/** @throws the error itself where it is not the person's or the provider's doing */
function knownAnswer(error: unknown): ReturnType<typeof answerFor> {
  const known = hubError(error);
  if (!known || known.consequence === 'plugin-fault') throw error;
  return answerFor(error);
}

async function render(web: Web, req: Request, res: Response, { link, href, tried, status }: Shown): Promise<void> {
  const template = templateOf(web, link);
  const sandbox = web.sandbox.plugins().includes(template.id);
  const viewer = { operator: false, manage: true };
  const vars = guideVars(web, template.id);
  const held = link.integrationId ? await web.integrationStore.get(link.storeId, link.integrationId) : undefined;
  const again = held && (await againOf(web, held, href));
  const input = { template, connections: [], vars, viewer, missing: [], sandbox, again, tried };
  const model = connectLinkPage(pluginPage(input), { href, returnUrl: link.returnUrl });
  const page = { name: 'connect-link', title: t('cards.connectOne', { name: template.name }), model, sandbox } as const;
  await showPage(web, req, res, { ...page, ...(status !== undefined && { status }) });
}
