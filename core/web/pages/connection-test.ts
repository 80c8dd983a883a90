import type { Request, Response } from 'express';
import { hubError, Rejected } from '../../sdk/errors.ts';
import type { Web } from '../services.ts';
import type { Flash } from '../view-models/pages.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { finish } from './outcome.ts';

export async function testIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal, integration, href } = await integrationPlace(web, req, 'sync');
  const test = async (): Promise<Flash> => {
    const { message, partly } = await web.integrations.test(store.id, integration.id, principal);
    return { kind: partly ? 'warn' : 'good', text: said(message) };
  };
  const name = web.registry.template(integration.pluginId)?.name ?? integration.pluginId;
  await finish(req, res, href, () => test().catch((error: unknown) => Promise.reject(inPlainWords(error, name))));
}

/** What a plugin did wrong is said in developers' words, and nothing a store can mend. */
function inPlainWords(error: unknown, name: string): unknown {
  if (hubError(error)?.consequence !== 'plugin-fault') return error;
  return new Rejected(t('error.pluginFault', { plugin: name }), { cause: error });
}
