import type { Response } from 'express';
import type { AuditSought } from '../access/audit-list-store.ts';
import { type ListFile, sendListFile } from './http/list-file.ts';
import type { Web } from './services.ts';

const columns = ['at', 'actor', 'action', 'target', 'targetName', 'ip', 'storeId', 'id', 'detail'] as const;

/** Sends all entries that fit, while they are read. */
export async function sendAuditFile(
  web: Web,
  res: Response,
  { name, format, sought }: Pick<ListFile<never>, 'name' | 'format'> & { sought: AuditSought },
): Promise<void> {
  await sendListFile(web, res, { name: `audit-${name}`, format, columns, rows: web.auditLog.all(sought) });
}
