import { type Http, TryLater } from 'patchbay';
import { isRaw, type Raw } from './api.ts';
import type { Config } from './manifest.ts';

const FIELDS = { eventDataRetention: 'event data', userDataRetention: 'user data' } as const;
const MONTHS: Readonly<Record<string, number>> = {
  TWO_MONTHS: 2,
  FOURTEEN_MONTHS: 14,
  TWENTY_SIX_MONTHS: 26,
  THIRTY_EIGHT_MONTHS: 38,
  FIFTY_MONTHS: 50,
};

/** How long the property keeps what was measured. */
export async function readRetention(http: Http, propertyId: string): Promise<Raw> {
  const { data } = await http.get(`/properties/${propertyId}/dataRetentionSettings`);
  if (isRaw(data) && data['name'] === `properties/${propertyId}/dataRetentionSettings`) return data;
  throw new TryLater('Google Analytics did not say how long it keeps data. Try again in a moment.');
}

/** Where the property differs from what the settings prefer. */
export function retentionNotes(found: Raw, config: Config): string[] {
  return (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).flatMap((field) => {
    const wanted = config[field] ?? 'keep';
    const is = String(found[field]);
    if (wanted === 'keep' || wanted === is) return [];
    return [
      `Google Analytics keeps ${FIELDS[field]} for ${months(is)}, your settings prefer ${months(wanted)}; "Change data retention" sets it there.`,
    ];
  });
}

export function months(duration: string): string {
  return duration in MONTHS ? `${MONTHS[duration]} months` : 'a time of its own';
}
