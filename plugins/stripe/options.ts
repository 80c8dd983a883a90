import { type Handlers, isRaw, type Option, type Raw, rows, TryLater, text } from 'patchbay';
import { listPage } from './api.ts';
import type { Config, Context } from './manifest.ts';

async function recentCharges({ http }: Context): Promise<readonly Raw[]> {
  return (await listPage(http, '/v1/charges', {})).data;
}

function choices(values: Iterable<string>, label: (value: string) => string): Option[] {
  return [...new Set(values)].sort().map((value) => ({ value, label: label(value) }));
}

const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });

/** `USD, US Dollar`; the code alone where nobody knows it. */
function currencyLabel(code: string): string {
  const name = /^[a-z]{3}$/.test(code) ? names.of(code.toUpperCase()) : undefined;
  return name ? `${code.toUpperCase()}, ${name}` : code.toUpperCase();
}

/** The choices forms offer, under the names forms call them by. */
export const options: NonNullable<Handlers<Config>['options']> = {
  /** Those of the balance and of the last hundred payments, and those chosen already. */
  async currencies(ctx) {
    const { data } = await ctx.http.get<Raw>('/v1/balance');
    if (!isRaw(data) || !Array.isArray(data['available']))
      throw new TryLater('Stripe did not answer with the balance. Try again.');
    const held = [...rows(data['available']), ...rows(data['pending']), ...(await recentCharges(ctx))];
    const codes = held.flatMap(({ currency }) => text(currency) ?? []);
    return choices([...codes, ...(ctx.config?.currencies ?? [])], currencyLabel);
  },

  /** Names in the metadata of the last hundred payments, and the usual one. */
  async metadataKeys(ctx) {
    const used = (await recentCharges(ctx)).flatMap(({ metadata }) => (isRaw(metadata) ? Object.keys(metadata) : []));
    return choices([...used, 'order_id', ...(ctx.config?.orderField ? [ctx.config.orderField] : [])], (name) => name);
  },
};
