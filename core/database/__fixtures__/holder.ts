// Holds the embedded database of a folder until its input ends, in a process of its own: it is what the tests kill.
import { startEmbeddedPostgres } from '../embedded-postgres.ts';

const log = { info: () => undefined, error: () => undefined };
try {
  const held = await startEmbeddedPostgres({ dir: process.argv[2] ?? '', log, durable: false });
  process.stdout.write(`${JSON.stringify({ url: held.url, adopted: held.adopted })}\n`);
  process.stdin.resume().on('end', () => held.close());
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: (error as Error).message })}\n`);
}
