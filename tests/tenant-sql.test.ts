import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EXPORTED, LEFT_OUT } from '../core/privacy/export-kinds.ts';

const ROOT = join(import.meta.dirname, '..');
/** Every table with a `store_id`; core/privacy/privacy.test.ts holds the two lists against the schema. */
const TENANT = [...Object.keys(EXPORTED), ...Object.keys(LEFT_OUT)];

/** Statements about rows of stores that do not say of which store: how many in a file, and why they may. */
const ACROSS: Readonly<Record<string, readonly [statements: number, why: string]>> = {
  'core/access/api-key-store.ts': [2, 'a key is found by its hash, and says whose it is; all of them for operators'],
  'core/access/audit-seal-store.ts': [
    2,
    'which stores there is something to seal of, for the worker; whose logs there are, for operators',
  ],
  'core/inbox/claim-sql.ts': [2, 'beginnings of statements that end with the place of one event'],
  'core/inbox/desk-store.ts': [1, 'for operators'],
  'core/inbox/replay-store.ts': [1, 'for operators: what belongs to no integration'],
  'core/inbox/unreadable-store.ts': [2, 'for operators: rows are found by their integration, which has one store'],
  'core/inbox/tray-store.ts': [4, 'events of no store yet, and whose their account is, for the worker'],
  'core/integrations/census-store.ts': [2, 'for operators'],
  'core/integrations/connect-link-store.ts': [1, 'swept for all stores by the worker'],
  'core/integrations/fleet-store.ts': [1, 'for operators'],
  'core/integrations/integration-store.ts': [
    3,
    'is there any of a plugin; columns and conditions come from the callers in the same file',
  ],
  'core/integrations/oauth-request-store.ts': [3, 'found by a hash nobody can guess; swept for all stores by the worker'],
  'core/integrations/wish-store.ts': [2, 'who waits for a plugin that has come, for the worker'],
  'core/mail/mail-store.ts': [9, 'the outbox of the hub: mails are sent, swept and shown to operators whosesoever they are'],
  'core/notices/delivery-store.ts': [2, 'what waits in all stores, and what is over, for the worker'],
  'core/notices/incident-store.ts': [2, 'what nobody was reminded of in all stores, and what is over, for the worker'],
  'core/notices/occurrence-store.ts': [1, 'read in order for all stores by the worker'],
  'core/plugins/template-override-store.ts': [1, 'is there any of a plugin'],
  'core/privacy/export-store.ts': [2, 'given up and swept for all stores by the worker'],
  'core/records/record-page.ts': [1, 'both ends of the range begin with the store'],
  'core/records/record-store.ts': [1, 'BY_ID is byKey, which begins with the store'],
  'core/records/record-write.ts': [2, 'byKey begins with the store'],
  'core/syncs/bulk-batch-store.ts': [1, 'for operators'],
  'core/syncs/bulk-store.ts': [1, 'swept for all stores by the worker'],
  'core/syncs/run-store.ts': [1, 'runs whose worker died, in all stores, for the worker'],
  'core/web/hub-figures-store.ts': [4, 'figures of the whole hub'],
};

const TEXT = "`(?:[^`\\\\]|\\\\.)*`|'(?:[^'\\\\\\n]|\\\\.)*'";

/** Without comments. */
function codeOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
}

function constantsOf(code: string, before = ''): Map<string, string> {
  const found = code.matchAll(new RegExp(`${before}const (\\w+)\\s*=\\s*(${TEXT})`, 'g'));
  return new Map([...found].map(([, name = '', sql = '']) => [name, sql.slice(1, -1)]));
}

const files = globSync('core/**/*.ts', { cwd: ROOT }).filter((file) => !/\.test\.ts$|__fixtures__/.test(file));
const shared = new Map(files.flatMap((file) => [...constantsOf(codeOf(file), 'export ')]));

/** As SQL reads them: constants put in where they stand. */
function statementsOf(file: string): string[] {
  const code = codeOf(file);
  const constants = new Map([...shared, ...constantsOf(code)]);
  const filled = (sql: string): string => {
    const next = sql.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => constants.get(name) ?? whole);
    return next === sql ? sql : filled(next);
  };
  return [...code.matchAll(new RegExp(TEXT, 'g'))]
    .map(([whole]) => filled(whole.slice(1, -1)).replaceAll(/\s+/g, ' ').trim())
    .filter((sql) => /^(?:select|insert|update|delete|with) /.test(sql));
}

/** A column that is merely shown binds nothing: the store is compared with, or written. */
function isBound(sql: string): boolean {
  return (
    /store_id(?:, '[^']*'::uuid)?\)?(?:::\w+)? (?:=|is not distinct from|in )/.test(sql) ||
    /\((?:[\w.]+, )*store_id, [\w., ]+\) (?:=|in|<|>) /.test(sql) ||
    /insert into \w+(?: as \w+)? \([^)]*store_id/.test(sql) ||
    /\(store_id, [\w., ]+\) (?:=|in) /.test(sql)
  );
}

function tablesIn(sql: string): string[] {
  return TENANT.filter((table) => new RegExp(`\\b(?:from|join|into|update|using)\\s+${table}\\b`).test(sql));
}

describe('every statement about rows of a store', () => {
  const bound = files.map((file) => ({ file, statements: statementsOf(file).filter((sql) => tablesIn(sql).length > 0) }));

  it('is found where they are', () => {
    const count = bound.reduce((sum, { statements }) => sum + statements.length, 0);
    expect(count).toBeGreaterThan(150);
    expect(statementsOf('core/integrations/credential-store.ts')).toContain(
      'delete from credentials where store_id = $1 and integration_id = $2',
    );
  });

  it('says of which store, unless it is written down why it need not', () => {
    const without = bound
      .map(({ file, statements }) => ({ file, unbound: statements.filter((sql) => !isBound(sql)) }))
      .filter(({ file, unbound }) => unbound.length !== (ACROSS[file]?.[0] ?? 0));
    expect(without).toEqual([]);
  });
});
