import { gunzipSync } from 'node:zlib';
import { configCommand } from '../../../core/cli/config.ts';
import { doctorCommand } from '../../../core/cli/doctor.ts';
import { keysStatusCommand } from '../../../core/cli/keys-status.ts';
import { pluginListCommand } from '../../../core/cli/plugin-list.ts';
import { readConfig } from '../../../core/config.ts';
import type { Hub } from '../hub.ts';
import { partsOf } from '../smtp.ts';
import { until } from '../wait.ts';
import type { CanaryHub } from './canary-hub.ts';

/** Every row of every table as text, the bytes of bytea as they are; what the database's own users would see of a dump. */
export async function dump({ rows }: Pick<Hub, 'rows'>): Promise<string[]> {
  const tables = await rows<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    for (const row of await rows(`select * from ${name}`))
      found.push(`${name}: ${Object.values(row).map(textOfValue).join(' | ')}`);
  }
  return found;
}

function textOfValue(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return typeof value === 'string' ? value : `${JSON.stringify(value)}`;
}

/** What a store takes along. */
export async function archive({ hub }: CanaryHub): Promise<string> {
  const { body } = await hub.api('POST', '/api/stores/default/exports', {});
  const path = `/api/stores/default/exports/${body.id}`;
  await until(async () => (await hub.api('GET', path)).body.status === 'done', { what: 'the archive' });
  const [{ bytes } = { bytes: [] }] = await hub.rows<{ bytes: Buffer[] }>(
    'select array_agg(bytes order by number) as bytes from store_export_parts where export_id = $1',
    [body.id],
  );
  return gunzipSync(Buffer.concat(bytes)).toString('latin1');
}

/** Everything that was mailed, and what is told of connections at fault in each language. */
export async function mails({ hub, mailed, meant }: CanaryHub): Promise<string[]> {
  for (const locale of ['en', 'de']) {
    const before = mailed.length;
    await hub.rows('update users set locale = $1', [locale]);
    await meant('POST', '/api/stores/default/integrations/bulk', { action: 'reconnect-reminder' });
    const told = () => mailed.slice(before).some((mail) => partsOf(mail).some((part) => part.includes(`lang="${locale}"`)));
    await until(told, { what: `a reminder in ${locale}` });
  }
  // Whoever gets the mail may follow the link it brings.
  return mailed.flatMap((mail) =>
    [mail, ...partsOf(mail)].map((part) => part.replace(/\/(invitations|reset)\/[\w=\r\n-]+/g, '/$1/')),
  );
}

/** What commands print of a hub with this name, and what is said of settings that are wrong. */
export async function commandLine({ hub, fresh }: CanaryHub, name: string): Promise<string> {
  const said: string[] = [];
  const io = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    readSecret: async () => '',
    readConfig: () => ({ ...hub.config, brand: { ...hub.config.brand, name } }),
  };
  for (const command of [configCommand, doctorCommand, keysStatusCommand, pluginListCommand]) await command.run([], io);
  const secret = fresh('secret in a wrong setting');
  for (const [name, value] of Object.entries(WRONG)) {
    said.push(whatIsSaidOf({ HUB_KEYS: KEYS, [name]: value.replace('SECRET', secret) }));
  }
  return said.join('\n');
}

const KEYS = `k1:${Buffer.alloc(32, 'k').toString('base64')}`;
/** Settings that cannot be read and hold a secret. */
const WRONG: Readonly<Record<string, string>> = {
  HUB_KEYS: 'k1:SECRET',
  DATABASE_URL: 'postgers://hub:SECRET@127.0.0.1/hub',
  SMTP_URL: 'http://hub:SECRET@127.0.0.1',
  EGRESS_MAP: '{"api.example.com": "http:// SECRET"}',
  ADMIN_PASSWORD: 'SECRET',
  SESSION_SECRET: 'SECRET',
};

function whatIsSaidOf(env: Record<string, string>): string {
  try {
    readConfig(env);
    return '';
  } catch (error) {
    return String((error as Error).stack);
  }
}
