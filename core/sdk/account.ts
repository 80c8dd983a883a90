/** Whom we are connected to. */
export interface Account {
  /** The provider's own id: stable, unique within the plugin; webhooks are routed by it. */
  readonly externalId: string;
  /** Shown on the card. */
  readonly label: string;
  /** Fill `{vars}` in the manifest's `baseUrl` (`identify`, which gives them, calls whole addresses); readable by every handler. */
  readonly vars?: Readonly<Record<string, string>>;
  /** `test` puts a badge on the card, so that nobody takes play money for real. Leave it out where there is one kind only. */
  readonly mode?: 'test' | 'live';
  /**
   * ISO 8601: when the keys that were given end, where the provider tells. Two weeks before, the card asks for new ones; a
   * sign-in's end is known from its tokens.
   */
  readonly expiresAt?: string;
}
