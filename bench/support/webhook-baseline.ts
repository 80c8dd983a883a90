import express from 'express';
import pg from 'pg';
import { hmac } from '../../core/sdk/signature.ts';
import { INBOUND_SECRET } from '../../tests/support/inbound-plugin.ts';

/** What the process that runs this file is told by its first argument. */
export interface Baseline {
  readonly port: number;
  /** With it each call is one INSERT, answered once it is committed; without it nothing is stored. */
  readonly databaseUrl?: string;
}

const { port, databaseUrl } = JSON.parse(process.argv[2] ?? '{}') as Baseline;
const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: 20 }) : undefined;
await pool?.query(
  'create table if not exists bench_calls (id text primary key, body jsonb not null, received_at timestamptz not null)',
);

const app = express();
app.disable('x-powered-by');
app.post('/webhooks/inbound', express.raw({ type: () => true, limit: '1mb' }), async (req, res) => {
  const raw = req.body as Buffer;
  if (!hmac('sha256', INBOUND_SECRET, raw, String(req.headers['x-inbound-signature']))) {
    res.status(401).end();
    return;
  }
  if (pool) {
    const text = raw.toString();
    const { id } = JSON.parse(text) as { id: string };
    const insert = 'insert into bench_calls (id, body, received_at) values ($1, $2, now()) on conflict do nothing';
    await pool.query({ name: 'insert', text: insert, values: [id, text] });
  }
  res.status(200).end();
});
app.listen(port, '127.0.0.1', () => console.log('ready'));
