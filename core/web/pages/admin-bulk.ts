import type { Request, Response } from 'express';
import { hubError, NotFound } from '../../sdk/errors.ts';
import type { BatchView } from '../../syncs/bulk-batch-store.ts';
import { principalOf } from '../http/guard.ts';
import { param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { adminBulk } from '../view-models/admin-bulk.ts';
import { t } from '../words/texts.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

/** `GET /admin/bulk/:batch`: how far it is, and what became of each. */
export async function showBatch(web: Web, req: Request, res: Response): Promise<void> {
  const batch = await batchOf(web, req);
  const model = adminBulk(batch, { here: req.path, nameOf: (plugin) => web.registry.template(plugin)?.name ?? plugin });
  const refresh = model.open ? 3 : undefined;
  await showPage(web, req, res, { name: 'admin-bulk', title: model.title, model, refresh });
}

/** `POST /admin/bulk/:batch/cancel` */
export async function cancelBatch(web: Web, req: Request, res: Response): Promise<void> {
  const { jobs } = await batchOf(web, req);
  await finish(req, res, `/admin/bulk/${param(req, 'batch')}`, async () => {
    for (const { storeId, id } of jobs.filter(({ endedAt }) => endedAt === null)) {
      await web.bulk.cancel(storeId, id, principalOf(req)).catch((error: unknown) => {
        // It has ended meanwhile, which is as good.
        if (hubError(error)?.code !== 'CONFLICT') throw error;
      });
    }
    return t('fleet.cancelled');
  });
}

async function batchOf(web: Web, req: Request): Promise<BatchView> {
  const batch = await web.bulkBatches.find(param(req, 'batch'));
  if (batch) return batch;
  throw new NotFound(t('fleet.noBatch'));
}
