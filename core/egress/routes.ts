export interface EgressRoutesOptions {
  /** Host → base URL (`EGRESS_MAP`). */
  readonly egressMap: ReadonlyMap<string, string>;
  /** Base URL of the simulator that plays a host. */
  readonly sandboxBase?: (host: string) => string | undefined;
}

/** Where a call to a provider really goes: `EGRESS_MAP` first, then the sandbox, else to the provider itself. */
export class EgressRoutes {
  readonly #map: ReadonlyMap<string, string>;
  readonly #sandboxBase: (host: string) => string | undefined;

  constructor({ egressMap, sandboxBase = () => undefined }: EgressRoutesOptions) {
    this.#map = egressMap;
    this.#sandboxBase = sandboxBase;
  }

  /** The same URL, or the mapped base followed by its path, query and fragment. */
  resolve(url: URL): URL {
    const base = this.#base(url.host);
    return base === undefined ? url : new URL(`${base.replace(/\/+$/, '')}${url.pathname}${url.search}${url.hash}`);
  }

  /** Was the destination of this host chosen by the operator? */
  mapped(host: string): boolean {
    return this.#base(host) !== undefined;
  }

  #base(host: string): string | undefined {
    const name = host.toLowerCase();
    return this.#map.get(name) ?? this.#sandboxBase(name);
  }
}
