/** Base URL of the simulator that plays a host for a plugin: two plugins may simulate the same host, each in its own way. */
export type SandboxBase = (host: string, plugin: string) => string | undefined;

export interface EgressRoutesOptions {
  /** Host → base URL (`EGRESS_MAP`). */
  readonly egressMap: ReadonlyMap<string, string>;
  readonly sandboxBase?: SandboxBase;
}

/** Where a plugin's call really goes: `EGRESS_MAP` first, then its own simulator, else to the provider itself. */
export class EgressRoutes {
  readonly #map: ReadonlyMap<string, string>;
  readonly #sandboxBase: SandboxBase;

  constructor({ egressMap, sandboxBase = () => undefined }: EgressRoutesOptions) {
    this.#map = egressMap;
    this.#sandboxBase = sandboxBase;
  }

  /** The same URL, or the mapped base followed by its path, query and fragment. */
  resolve(url: URL, plugin: string): URL {
    const name = url.host.toLowerCase();
    const base = this.#map.get(name) ?? this.#sandboxBase(name, plugin);
    return base === undefined ? url : new URL(`${base.replace(/\/+$/, '')}${url.pathname}${url.search}${url.hash}`);
  }
}
