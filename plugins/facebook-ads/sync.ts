import type { Stream } from 'patchbay';
import { adSets, ads, campaigns, isChosenAccount, type Kind, walk } from './entities.ts';
import { insightStream } from './insights.ts';
import { leadFormStream, leadStream } from './leads.ts';
import type { Config } from './manifest.ts';
import { campaignModel } from './models.ts';

/** Only a run from the beginning meets all of them. */
function entities(kind: Kind): Pick<Stream<Config>, 'mode' | 'sync' | 'follows' | 'covers'> {
  return {
    mode: 'incremental',
    sync: (ctx, from) => walk(ctx, kind, from),
    follows: ['adAccountIds'],
    covers: (data, _startedAt, config, from) => (isChosenAccount(data, config) ? !from : 'unchosen'),
  };
}

export const streams: Readonly<Record<string, Stream<Config>>> = {
  campaigns: { title: 'Campaigns', model: campaignModel, ...entities(campaigns) },
  adSets: { title: 'Ad sets', ...entities(adSets) },
  ads: { title: 'Ads', ...entities(ads) },
  insights: insightStream,
  leadForms: leadFormStream,
  leads: leadStream,
};
