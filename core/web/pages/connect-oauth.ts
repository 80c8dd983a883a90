import type { Request, Response } from 'express';
import { hubError, Rejected } from '../../sdk/errors.ts';
import { knownPrincipal } from '../http/guard.ts';
import { beganBy, oauthBinding, returnedBinding } from '../http/oauth-binding.ts';
import { pathOf, queryRecord } from '../http/request.ts';
import type { Web } from '../services.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { returnToLink } from './connect-link.ts';
import { leaveConnected } from './connect-manual.ts';
import { type IntegrationPlace, type PluginPlace, pluginPlace } from './context.ts';
import { setFlash } from './page.ts';
import { renderRefused } from './plugin.ts';

export async function initiateOauth(web: Web, req: Request, res: Response): Promise<void> {
  await connectByConsent(web, req, res, await pluginPlace(web, req, 'manage'));
}

/** Sends the browser to the provider's consent page. */
export async function connectByConsent(
  web: Web,
  req: Request,
  res: Response,
  place: PluginPlace | IntegrationPlace,
): Promise<void> {
  const { store, principal, template } = place;
  const integrationId = 'integration' in place ? place.integration.id : undefined;
  try {
    const binding = oauthBinding(web, req, res);
    if (integrationId === undefined) delete req.session.reconnecting;
    else req.session.reconnecting = integrationId;
    if (integrationId === undefined) await web.setUps.begin({ storeId: store.id, pluginId: template.id });
    const begun = await web.connect.oauthInitiate({ store, principal, pluginId: template.id, binding, integrationId });
    res.redirect(303, begun.authorizeUrl);
  } catch (error) {
    await renderRefused(web, req, res, { error, place, method: 'oauth' });
  }
}

/** To the page of the integration that was to be connected again, with the words there; otherwise to where one connects. */
async function refused(web: Web, req: Request, res: Response, { error, place }: Refusal): Promise<void> {
  const { reconnecting: id } = req.session;
  const known = hubError(error);
  const again =
    id && known && known.consequence !== 'plugin-fault'
      ? await web.integrationStore.list({ storeId: place.store.id, pluginId: place.template.id })
      : [];
  if (!known || !again.some((one) => one.id === id)) return renderRefused(web, req, res, { error, place, method: 'oauth' });
  delete req.session.reconnecting;
  await setFlash(req, { kind: 'bad', text: said(known.message) });
  res.redirect(303, `/integrations/${place.template.id}/${id}`);
}

interface Refusal {
  readonly error: unknown;
  readonly place: PluginPlace;
}

/** Where the provider sends the browser back to. */
export async function returnFromOauth(web: Web, req: Request, res: Response): Promise<void> {
  if (await returnToLink(web, req, res)) return;
  const principal = knownPrincipal(req);
  // The state stays unused: after the login the same address does its work.
  if (!principal) return res.redirect(303, `/login?next=${encodeURIComponent(pathOf(req))}`);
  const began = beganBy(web, req);
  if (began !== undefined && began !== principal.userId) {
    throw new Rejected(t('plugin.otherLogin'), {
      code: 'FORBIDDEN',
    });
  }
  const place = await pluginPlace(web, req, 'view');
  try {
    const binding = returnedBinding(web, req);
    const came = { pluginId: place.template.id, query: queryRecord(req), binding, principal, settingsFirst: true };
    const connected = await web.connect.oauthCallback(came);
    req.session.storeId = connected.integration.storeId;
    const again = req.session.reconnecting === connected.integration.id;
    delete req.session.reconnecting;
    res.redirect(303, await leaveConnected(web, req, { template: place.template, connected, again }));
  } catch (error) {
    await refused(web, req, res, { error, place });
  }
}
