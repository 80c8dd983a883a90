import { ConfigError, type Env, flag, list, text } from './config-values.ts';

/** What people type where they should not, whatever stands around it. */
const SAMPLES = [
  'password',
  'passwort',
  'changeme',
  'letmein',
  'qwerty',
  'secret',
  'default',
  'example',
  'sample',
  'patchbay',
  '12345',
];
const DATABASE_SAMPLES = new Set(['postgres', 'postgresql', 'hub', 'admin', 'root', 'test', 'pass', '…', '...', ...SAMPLES]);
const MODES = ['production', 'development', 'test'];

const RANDOM = 'for example to the output of openssl rand -base64 32';

/** @throws ConfigError for a mode nobody knows: `Production` would otherwise be a first try, sandbox and all */
export function isProduction(env: Env): boolean {
  const mode = text(env, 'NODE_ENV');
  if (mode === undefined || MODES.includes(mode)) return mode === 'production';
  throw new ConfigError(`NODE_ENV is "${mode}"; set it to production where others can reach this hub, or leave it out.`);
}

/**
 * Refuses to serve people with what is fine for a first try on one's own machine.
 * @throws ConfigError naming the first setting at fault and what to set
 */
export function checkProduction(env: Env): void {
  if (flag(env, 'SANDBOX', false) && !flag(env, 'SANDBOX_IN_PRODUCTION', false)) {
    throw new ConfigError('SANDBOX is refused in production; remove it, or set SANDBOX_IN_PRODUCTION=1 if it is meant.');
  }
  checkText(env, 'SESSION_SECRET', { least: 32, instead: `set it ${RANDOM}, or leave it out` });
  checkText(env, 'METRICS_TOKEN', { least: 16, instead: `set it ${RANDOM}, or leave it out` });
  checkText(env, 'ADMIN_PASSWORD', { least: 12, instead: 'set one that nobody guesses, or leave it out and use the setup link' });
  checkDatabase(text(env, 'DATABASE_URL'));
  if (list(env, 'EGRESS_ALLOW_PRIVATE').some((range) => /\/0+$/.test(range))) {
    throw new ConfigError(
      'EGRESS_ALLOW_PRIVATE opens every network to addresses that stores give; name the hosts or ranges they need.',
    );
  }
}

function checkText(env: Env, name: string, { least, instead }: { least: number; instead: string }): void {
  const value = env[name];
  if (!value) return;
  const problem =
    value.trim().length < least ? `is shorter than ${least} characters` : isGuessable(value) && 'is a sample or easy to guess';
  if (problem) throw new ConfigError(`${name} ${problem}; ${instead}.`);
}

function isGuessable(value: string): boolean {
  const plain = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  return new Set(value).size < 6 || SAMPLES.some((sample) => plain.includes(sample));
}

function checkDatabase(url: string | undefined): void {
  const given = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  const username = given?.username ?? '';
  const plain = decodeURIComponent(given?.password || given?.searchParams.get('password') || '').toLowerCase();
  if (plain === '' || (plain !== username.toLowerCase() && !DATABASE_SAMPLES.has(plain))) return;
  throw new ConfigError('DATABASE_URL holds a password that is a sample or the user name; set another at the database and here.');
}
