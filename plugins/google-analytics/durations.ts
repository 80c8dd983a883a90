/** How long Google Analytics may keep data; beyond the second one for Analytics 360 only. */
export const DURATIONS = ['TWO_MONTHS', 'FOURTEEN_MONTHS', 'TWENTY_SIX_MONTHS', 'THIRTY_EIGHT_MONTHS', 'FIFTY_MONTHS'] as const;

/** In words for people. */
export const DURATION_WORDS: Readonly<Record<(typeof DURATIONS)[number], string>> = {
  TWO_MONTHS: '2 months',
  FOURTEEN_MONTHS: '14 months',
  TWENTY_SIX_MONTHS: '26 months',
  THIRTY_EIGHT_MONTHS: '38 months',
  FIFTY_MONTHS: '50 months',
};
