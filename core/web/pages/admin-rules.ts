import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import { RULES } from '../../plugins/rules.ts';
import { packageFolder } from '../package-folder.ts';
import type { Web } from '../services.ts';
import { rulesPage } from '../view-models/admin-rules.ts';
import { t } from '../words/texts.ts';
import { showPage } from './page.ts';

/** `GET /admin/checker-rules`: what the numbers beside a plugin's findings stand for, from docs/checker-rules.md. */
export async function showCheckerRules(web: Web, req: Request, res: Response): Promise<void> {
  const text = await readFile(join(packageFolder('docs'), 'checker-rules.md'), 'utf8').catch(() => '');
  await showPage(web, req, res, { name: 'admin-rules', title: t('admin.rules'), model: rulesPage(RULES, text) });
}
