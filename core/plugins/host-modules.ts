import * as sdk from '../sdk/index.ts';
import * as simulator from '../sdk/simulator/index.ts';

/** What a plugin imports of the hub, by the name it is imported under. */
export const HOST_MODULES: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map<
  string,
  Readonly<Record<string, unknown>>
>([
  ['patchbay', sdk],
  ['patchbay/simulator', simulator],
]);

/** The id under which a bundle asks the host for one of them. */
export function hostId(name: string): string {
  return `host:${name}`;
}

/** By this id bundles that are kept in the database may ask for the SDK, too. */
const SDK_ID = 'patchbay:sdk';

/** The module asked for by its id, or by a `require` that was not seen when the plugin was bundled. */
export function hostModule(specifier: string): Readonly<Record<string, unknown>> | undefined {
  return specifier === SDK_ID ? sdk : HOST_MODULES.get(specifier.replace(/^host:/, ''));
}
