/** A report that is read day by day. Names are those of https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema */
export interface Report {
  readonly title: string;
  /** After `date`, which every report has first. */
  readonly dimensions: readonly string[];
  readonly metrics: readonly string[];
  /** Read for the key events of the settings only. */
  readonly ofKeyEvents?: true;
}

export const REPORTS = {
  traffic: {
    title: 'Traffic figures',
    dimensions: ['sessionSource', 'sessionMedium', 'sessionCampaignName'],
    metrics: [
      'sessions',
      'activeUsers',
      'newUsers',
      'engagedSessions',
      'screenPageViews',
      'ecommercePurchases',
      'purchaseRevenue',
      'keyEvents',
    ],
  },
  landingPages: {
    title: 'Landing page figures',
    dimensions: ['landingPagePlusQueryString'],
    metrics: ['sessions', 'activeUsers', 'newUsers', 'engagedSessions', 'ecommercePurchases', 'purchaseRevenue', 'keyEvents'],
  },
  conversions: {
    title: 'Conversion figures',
    dimensions: ['eventName', 'sessionSource', 'sessionMedium'],
    metrics: ['eventCount', 'keyEvents', 'activeUsers'],
    ofKeyEvents: true,
  },
  items: {
    title: 'Item figures',
    dimensions: ['itemId', 'itemName'],
    metrics: ['itemsViewed', 'itemsAddedToCart', 'itemsPurchased', 'itemRevenue'],
  },
  transactions: {
    title: 'Transactions',
    dimensions: ['transactionId'],
    metrics: ['ecommercePurchases', 'purchaseRevenue'],
  },
} as const satisfies Readonly<Record<string, Report>>;
