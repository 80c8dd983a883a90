import { isIP } from 'node:net';
import type { Sql } from '../database/transaction.ts';
import { isPublicAddress } from '../egress/addresses.ts';
import type { Template } from '../plugins/registry.ts';
import { list } from './words/format.ts';
import { t } from './words/texts.ts';

/** One thing that has to be right before a person leaves for a provider's consent page. */
export interface Check {
  /** `bad`: the provider will refuse. `note`: it works, but less of it. */
  readonly state: 'good' | 'note' | 'bad';
  readonly text: string;
  /** What to carry to the provider. */
  readonly copy: string | undefined;
}

export interface PreflightInput {
  readonly template: Pick<Template, 'id' | 'name' | 'loaded'>;
  readonly publicUrl: string;
  readonly redirectUri: string;
  /** A simulator answers: it lives at the same address and takes every one. */
  readonly sandbox: boolean;
  /** What the operator has yet to set for a consent page. */
  readonly missing: readonly string[];
  /** How far this host's clock is from the database's, in ms. */
  readonly skewMs: number;
  readonly operator: boolean;
}

/** Codes and tokens live for minutes, and signatures are taken within five. */
const SKEW_MS = 60_000;

/** What was looked at before consent, worst first; an owner is told of what is wrong only, and who mends it. */
export function preflight(input: PreflightInput): Check[] {
  const all = [appCheck(input), addressCheck(input), clockCheck(input)];
  const checks = input.operator ? [...all, redirectCheck(input)] : forOwner(all, input.template.name);
  const order = ['bad', 'note', 'good'];
  return checks.toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
}

/** Does it keep anybody from connecting? */
export function isBlocked(checks: readonly Check[]): boolean {
  return checks.some(({ state }) => state === 'bad');
}

/** The clocks of the hub and of its database, as far apart as can be seen from here. */
export async function skewOf(sql: Sql): Promise<number> {
  const before = Date.now();
  const [row] = await sql.query<{ now: number }>('select (extract(epoch from clock_timestamp()) * 1000)::float8 as now');
  const there = row?.now ?? before;
  const after = Date.now();
  // Whatever lies within the question cannot be told from its way.
  if (there >= before && there <= after) return 0;
  return there < before ? there - before : there - after;
}

function forOwner(checks: readonly Check[], plugin: string): Check[] {
  if (!isBlocked(checks)) return [];
  return [{ state: 'bad', text: t('plugin.notReady', { plugin }), copy: undefined }];
}

function appCheck({ missing, template }: PreflightInput): Check {
  if (missing.length === 0) return good(t('wizard.check.app', { plugin: template.name }));
  return { state: 'bad', text: t('plugin.setFirst', { what: list(missing) }), copy: undefined };
}

function addressCheck({ publicUrl, sandbox, template }: PreflightInput): Check {
  const { protocol, hostname } = new URL(publicUrl);
  const text = { url: publicUrl, plugin: template.name };
  if (sandbox) return good(t('wizard.check.address', text));
  if (protocol !== 'https:' && !isLoopback(hostname)) {
    return { state: 'bad', text: t('wizard.check.noHttps', text), copy: undefined };
  }
  const hears = template.loaded?.plugin.handlers?.webhook !== undefined;
  if (hears && isInside(hostname)) return { state: 'note', text: t('wizard.check.inside', text), copy: undefined };
  return good(t('wizard.check.address', text));
}

function clockCheck({ skewMs, template }: PreflightInput): Check {
  if (Math.abs(skewMs) <= SKEW_MS) return good(t('wizard.check.clock'));
  return {
    state: 'bad',
    text: t('wizard.check.skew', { plugin: template.name, seconds: Math.round(Math.abs(skewMs) / 1000) }),
    copy: undefined,
  };
}

function redirectCheck({ redirectUri, template }: PreflightInput): Check {
  return { state: 'good', text: t('wizard.check.redirect', { plugin: template.name }), copy: redirectUri };
}

function good(text: string): Check {
  return { state: 'good', text, copy: undefined };
}

/** The one place providers take without https (RFC 8252 section 8.3). */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

/** Not to be reached from outside, by its form. */
function isInside(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return !isPublicAddress(bare);
  return !bare.includes('.') || /\.(local|localhost|internal|lan|test|home\.arpa)$/.test(bare);
}
