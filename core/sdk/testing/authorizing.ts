import { type Authorization, type Handlers, hubError, type Keys, type Manifest, type Outgoing, PluginFault } from '../index.ts';

export interface Shower {
  readonly manifest: Manifest;
  readonly handlers: Pick<Handlers, 'authorize'>;
  readonly method: Outgoing['method'];
  /** `accessToken`, or the fields of the keys. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly app: Readonly<Record<string, string>>;
}

/** A call, and the token it brought itself. */
export interface Shown extends Pick<Outgoing, 'host' | 'path'> {
  readonly token: string | undefined;
}

/** What the hub would put into a call: as the plugin's `authorize` says, else by its manifest. */
export function shownBy(shower: Shower, { host, path, token }: Shown): Authorization {
  const { manifest, handlers, method, app } = shower;
  const own = token === undefined ? undefined : { accessToken: token };
  const secrets = method === 'manual' ? { ...shower.secrets, ...own } : (own ?? shower.secrets);
  if (!handlers.authorize) {
    const bearer = token ?? (method === 'oauth' ? secrets['accessToken'] : undefined);
    return { headers: bearer === undefined ? manualHeaders(manifest, secrets) : { authorization: `Bearer ${bearer}` } };
  }
  try {
    return handlers.authorize({ method, host, path, secrets, app });
  } catch (error) {
    if (hubError(error)?.consequence === 'rejected') throw error;
    throw new PluginFault(`authorize: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** The manifest's manual way to connect. */
export function manualWay(manifest: Manifest): Keys | undefined {
  return manifest.auth.find((auth): auth is Keys => auth.method === 'manual');
}

function manualHeaders(manifest: Manifest, fields: Readonly<Record<string, string>>): Record<string, string> {
  const templates = Object.entries(manualWay(manifest)?.headers ?? {});
  return Object.fromEntries(
    templates.map(([name, template]) => [name, template.replaceAll(/\{(\w+)\}/g, (_, field: string) => fields[field] ?? '')]),
  );
}
