import type { Integration } from '../../integrations/integration-store.ts';
import { modelReader } from '../../integrations/model-reading.ts';
import { type Form, minorDigits } from '../../sdk/index.ts';
import type { Web } from '../services.ts';
import { moneyFields, recordFields } from '../view-models/action-page.ts';
import type { MoneyUnit, NamedRecord } from '../view-models/action-record.ts';
import { recordView } from '../view-models/records-view.ts';
import { contactIn, contactNames } from './record-names.ts';

interface Asked {
  readonly integration: Integration;
  readonly form: Form;
  /** As typed so far. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The kept records whose ids stand in the fields of an action's form, by field. */
export async function namedRecords(
  web: Pick<Web, 'registry' | 'records'>,
  asked: Asked,
): Promise<ReadonlyMap<string, NamedRecord>> {
  const fields = recordFields(asked.form).filter(({ part }) => part === undefined);
  const found = await Promise.all(fields.map(async (field) => [field.name, await namedRecord(web, asked, field)] as const));
  return new Map(found.flatMap(([name, record]) => (record ? [[name, record] as const] : [])));
}

async function namedRecord(
  web: Pick<Web, 'registry' | 'records'>,
  { integration, form, values }: Asked,
  { name, stream }: { name: string; stream: string },
): Promise<NamedRecord | undefined> {
  const id = values[name];
  if (typeof id !== 'string' || id === '') return undefined;
  const record = await web.records.get({ storeId: integration.storeId, integrationId: integration.id, stream }, id);
  if (!record || record.deletedAt) return undefined;
  const reading = modelReader({ plugin: web.registry.get(integration.pluginId), stream, integration })(record.data);
  const whom = contactIn(reading);
  const names = await contactNames(web, integration, whom === undefined ? [] : [whom]);
  const { label, note } = recordView(record, reading, names.get(whom ?? ''));
  const units = moneyFields(form).flatMap((money) => {
    const unit = money.of === name ? unitOf(record.data[money.part], reading.model?.[money.part]) : undefined;
    return unit ? [[money.name, unit] as const] : [];
  });
  return { stream, said: [label, note].filter(Boolean).join(' · '), units: new Map(units) };
}

/** How the provider writes an amount, told by one that is known: `1500` for 15.00 USD. */
function unitOf(written: unknown, known: unknown): MoneyUnit | undefined {
  const { amount, currency } = (known ?? {}) as { amount?: unknown; currency?: unknown };
  if (typeof written !== 'number' || typeof amount !== 'number' || typeof currency !== 'string') return undefined;
  const per = (written / amount) * 10 ** minorDigits(currency);
  return Number.isInteger(Math.log10(per)) ? { currency, per } : undefined;
}
