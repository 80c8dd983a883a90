import type { Checkpoint, Page, Raw, Stream } from 'patchbay';
import { listPath } from './api.ts';
import { audiencesToRead, listAudiences } from './audiences.ts';
import { campaigns, reports } from './campaigns.ts';
import type { Config, Context } from './manifest.ts';
import { members } from './members.ts';
import { campaignModel, contactModel, listModel, reportModel } from './models.ts';
import { walkOffset } from './paging.ts';
import { audienceItem, mergeFieldItem, sorted, tagItem } from './records.ts';

async function* audiences({ http }: Context): AsyncGenerator<Page, void> {
  const found = await listAudiences(http);
  yield { ...sorted(found, audienceItem), checkpoint: { audiences: found.length }, total: found.length };
}

type OfAudience = { readonly path: string; readonly list: string; readonly query?: Readonly<Record<string, string>> };

/** Everything of a kind in each audience, one audience after the other. */
function ofAudiences(part: OfAudience, shape: (raw: Raw, listId: string) => ReturnType<typeof tagItem>) {
  return async function* walk(ctx: Context, from: Checkpoint | null): AsyncGenerator<Page, void> {
    const all = await audiencesToRead(ctx);
    const at = all.indexOf(String(from?.['audience']));
    for (const [index, audience] of all.entries()) {
      if (index < at) continue;
      const walkFrom = index === at ? from : null;
      const source = { ...part, path: `${listPath(audience)}${part.path}` };
      for await (const page of walkOffset(ctx, source, walkFrom)) {
        yield { ...sorted(page.raws, (raw) => shape(raw, audience)), checkpoint: { audience, ...page.checkpoint } };
      }
    }
    // An account without any audience has none of these, which is an answer too.
    if (all.length === 0) yield { items: [], checkpoint: { audience: null } };
  };
}

type Covers = NonNullable<Stream<Config>['covers']>;

/** A run from the beginning meets everything of the chosen audience, or of all. */
function ofChosenAudience(data: Raw, config?: Config): true | 'unchosen' {
  return !config?.audienceId || data['listId'] === config.audienceId || 'unchosen';
}

const ofAudience = {
  follows: ['audienceId'],
  covers: ((data, _startedAt, config) => ofChosenAudience(data, config)) satisfies Covers,
} as const;

export const streams: Readonly<Record<string, Stream<Config>>> = {
  audiences: { title: 'Audiences', mode: 'full', model: listModel, sync: audiences },
  members: {
    title: 'Contacts',
    mode: 'incremental',
    model: contactModel,
    sync: members,
    follows: ['audienceId'],
    // Who was deleted for good is in no list of changes: only a run from the beginning can miss them.
    covers: (data, _startedAt, config, from) => {
      const chosen = ofChosenAudience(data, config);
      return chosen === true ? !from : chosen;
    },
  },
  tags: {
    title: 'Tags',
    mode: 'full',
    sync: ofAudiences({ path: '/segments', list: 'segments', query: { type: 'static' } }, tagItem),
    ...ofAudience,
  },
  mergeFields: {
    title: 'Audience fields',
    mode: 'full',
    sync: ofAudiences({ path: '/merge-fields', list: 'merge_fields' }, mergeFieldItem),
    ...ofAudience,
  },
  campaigns: { title: 'Campaigns', mode: 'full', model: campaignModel, sync: campaigns.sync, covers: campaigns.covers },
  reports: { title: 'Campaign reports', mode: 'full', model: reportModel, sync: reports.sync, covers: reports.covers },
};
