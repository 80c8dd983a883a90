import type { Request, Response } from 'express';
import type { Web } from '../services.ts';
import { streamTitle } from '../view-models/stream-words.ts';
import { list, lowered } from '../words/format.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { finish } from './outcome.ts';

export async function syncIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { stream, allowDeletions: answer, _back: back } = (req.body ?? {}) as Record<string, unknown>;
  const allowDeletions = answer === 'yes';
  const { template, principal, integration, href } = await integrationPlace(web, req, allowDeletions ? 'manage' : 'sync');
  await finish(req, res, back === 'cards' ? '/integrations' : href, async () => {
    const runs = await web.syncs.request({
      integration,
      trigger: 'manual',
      requestedBy: principal.email,
      ...(typeof stream === 'string' && stream && { stream, allowDeletions }),
    });
    const titles = runs.map((run) => lowered(streamTitle(template, run.stream)));
    const who = integration.name;
    return titles.length > 0 ? t('details.startedSync', { what: list(titles), who }) : t('details.nothingToSync');
  });
}
