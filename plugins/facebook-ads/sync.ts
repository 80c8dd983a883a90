import type { Stream } from 'patchbay';
import { adSets, ads, campaigns, walk } from './entities.ts';
import { insightStream } from './insights.ts';
import { leadFormStream, leadStream } from './leads.ts';
import type { Config } from './manifest.ts';
import { campaignModel } from './models.ts';

export const streams: Readonly<Record<string, Stream<Config>>> = {
  campaigns: { title: 'Campaigns', mode: 'incremental', model: campaignModel, sync: (ctx, from) => walk(ctx, campaigns, from) },
  adSets: { title: 'Ad sets', mode: 'incremental', sync: (ctx, from) => walk(ctx, adSets, from) },
  ads: { title: 'Ads', mode: 'incremental', sync: (ctx, from) => walk(ctx, ads, from) },
  insights: insightStream,
  leadForms: leadFormStream,
  leads: leadStream,
};
