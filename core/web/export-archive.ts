import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Web } from './services.ts';

/** Sends an archive as it is kept. */
export async function sendArchive(
  res: Response,
  { export: made, pieces }: Awaited<ReturnType<Web['exports']['open']>>,
  store: { readonly slug: string },
): Promise<void> {
  const day = made.createdAt.toISOString().slice(0, 10);
  res.status(200).set({
    'content-type': 'application/gzip',
    'content-length': String(made.bytes),
    'content-disposition': `attachment; filename="${store.slug}-${day}.tar.gz"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  // Whoever stops reading is gone; there is nobody left to tell.
  await pipeline(Readable.from(pieces), res).catch(() => res.destroy());
}
