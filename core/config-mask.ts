import type { Config } from './config.ts';

/** A copy of `config` that may be printed: every secret is replaced by how long it is. */
export function maskConfig(config: Config): Record<string, unknown> {
  const mask = (value: string | undefined) => (value === undefined ? undefined : `•••• (${value.length} characters)`);
  const { pluginEnv: _, ...rest } = config;
  return {
    ...rest,
    databaseUrl: config.databaseUrl && maskUrl(config.databaseUrl),
    keys: config.keys.map(({ kid }) => kid),
    sessionSecret: mask(config.sessionSecret),
    formerSessionSecrets: config.formerSessionSecrets.map(mask),
    admin: config.admin && { email: config.admin.email, password: mask(config.admin.password) },
    egressMap: Object.fromEntries([...config.egressMap].map(([host, base]) => [host, maskUrl(base)])),
    metricsToken: mask(config.metricsToken),
    mail: { ...config.mail, smtpUrl: config.mail.smtpUrl && maskUrl(config.mail.smtpUrl) },
  };
}

/** A password stands before the host or among the parameters. */
function maskUrl(value: string): string {
  const url = new URL(value);
  if (url.password) url.password = '****';
  for (const name of [...url.searchParams.keys()]) {
    if (/password|secret|token|key/i.test(name)) url.searchParams.set(name, '****');
  }
  return url.href;
}
