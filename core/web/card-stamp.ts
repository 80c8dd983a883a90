import type { Web } from './services.ts';

/** Another text after any change of what the cards of a store are made of, but for what no statement tells cheaply. */
export async function cardStamp(web: Web, storeId: string): Promise<string> {
  return `${await web.changeStamps.of(storeId)} ${templateStamp(web)}`;
}

/** Of the cards themselves, whatever the store. */
export function templateStamp({ registry }: Web): string {
  return registry
    .templates()
    .map(({ id, state, active, error, loaded, overrides }) =>
      [id, state, active, error, loaded?.generation, JSON.stringify(overrides)].join(),
    )
    .join(' ');
}
