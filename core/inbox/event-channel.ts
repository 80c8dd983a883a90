/** Workers listen here; the payload means nothing. */
export const INBOX_CHANNEL = 'patchbay_inbox';
