import type { Todo } from 'patchbay';
import type { Config, Context } from './manifest.ts';

/** Until an audience is chosen all are read, but none is written to and changes come with the next sync only. */
export function todo({ config }: Pick<Context, 'config'>): readonly Todo<Config>[] {
  if (config.audienceId) return [];
  const text = 'Choose the audience of this store: until then nothing is written to Mailchimp, and changes come with syncs only.';
  return [{ field: 'audienceId', step: 'Choose an audience', text }];
}
