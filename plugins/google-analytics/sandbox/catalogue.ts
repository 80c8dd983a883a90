/** Where a visit came from. */
export interface Channel {
  readonly sessionSource: string;
  readonly sessionMedium: string;
  readonly sessionCampaignName: string;
}

export const channel = (sessionSource: string, sessionMedium: string, sessionCampaignName: string): Channel => ({
  sessionSource,
  sessionMedium,
  sessionCampaignName,
});
export const ORGANIC = channel('google', 'organic', '(organic)');
export const UNKNOWN = channel('(not set)', '(not set)', '(not set)');
export const CHANNELS: readonly Channel[] = [
  ORGANIC,
  ORGANIC,
  ORGANIC,
  channel('(direct)', '(none)', '(direct)'),
  channel('(direct)', '(none)', '(direct)'),
  channel('google', 'cpc', 'Autumn trial offer'),
  channel('google', 'cpc', 'Brand'),
  channel('facebook', 'paid', 'Bring a friend'),
  channel('newsletter', 'email', 'November letter'),
  channel('instagram.com', 'referral', '(referral)'),
  channel('bing', 'organic', '(organic)'),
  UNKNOWN,
];
export const ITEMS = [
  ['BAND-L', 'Resistance band, long', 19.95],
  ['MAT-STD', 'Training mat', 34.5],
  ['BOTTLE-1', 'Steel bottle', 24],
  ['TRIAL-4', 'Four trial sessions', 59],
  ['PASS-10', 'Ten sessions', 149],
  ['SHIRT-M', 'Club shirt', 29.9],
] as const;
export const PAGES = Array.from({ length: 130 }, (_, index) =>
  index === 0 ? '/' : index < 6 ? `/offers/${index}` : index < 40 ? `/classes/${index}?utm_source=search` : `/blog/post-${index}`,
);
