import type { Request, Response } from 'express';
import type { Web } from '../services.ts';
import { SCHEDULES } from '../view-models/stream-view.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { finish } from './outcome.ts';

/** Posted as `every.<stream>=<minutes>`, 0 for off; streams that are not posted stay as they are. */
export async function setSchedules(web: Web, req: Request, res: Response): Promise<void> {
  const { store, template, integration, href } = await integrationPlace(web, req, 'manage');
  const body = (req.body ?? {}) as Record<string, unknown>;
  await finish(req, res, href, async () => {
    for (const stream of Object.keys(template.loaded?.plugin.handlers?.streams ?? {})) {
      const chosen = SCHEDULES.find((minutes) => String(minutes) === body[`every.${stream}`]);
      if (chosen !== undefined) await web.syncs.setSchedule(store.id, integration.id, { stream, everyMinutes: chosen || null });
    }
    return t('details.scheduleSaved');
  });
}
