/** Workers listen here; the payload, if any, names a process that has told its own worker already. */
export const INBOX_CHANNEL = 'patchbay_inbox';
