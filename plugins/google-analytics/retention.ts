import { type Http, isRaw, type Raw, TryLater } from 'patchbay';
import { DURATION_WORDS } from './durations.ts';
import type { Config } from './manifest.ts';

const FIELDS = { eventDataRetention: 'event data', userDataRetention: 'user data' } as const;
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

function months(duration: string): string {
  return Object.entries(DURATION_WORDS).find(([name]) => name === duration)?.[1] ?? 'a time of its own';
}
