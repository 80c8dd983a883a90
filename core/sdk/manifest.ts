import type { Form } from './form.ts';

/** Where cards stand, in this order. */
export const CATEGORIES = [
  'CRM',
  'Advertising',
  'Analytics',
  'Email marketing',
  'Payments',
  'Accounting',
  'Messaging',
  'API Tools',
] as const;
/** One of {@link CATEGORIES}. */
export type Category = (typeof CATEGORIES)[number];

/** What a reseller's contract with the provider asks for. */
export interface WhiteLabel {
  /** Words (in any case) that no card, form, guide, title, address, message or icon of this plugin may hold. */
  readonly never: readonly [string, ...string[]];
}

/** Data only: cards, forms, guides and the consent request are made from it alone. */
export interface Manifest {
  /** The version of this contract the plugin was written for. */
  readonly sdk: 1;
  readonly name: string;
  /** One sentence on the card: what a store gets. */
  readonly summary: string;
  readonly category: Category;
  readonly comingSoon?: never;
  /** The provider's API documentation. */
  readonly docs: `https://${string}`;
  /** The provider's API version this plugin speaks, as the provider writes it. */
  readonly apiVersion: string;
  /** Relative request paths start here; may hold `{vars}` of the account (`https://{dc}.api.example.com`). */
  readonly baseUrl: `https://${string}`;
  /** Further hosts the plugin may call; a leading `*.` stands for one or more labels. */
  readonly hosts?: readonly string[];
  /** Sent with every call; a call may replace one. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the provider allows per account; default 100 requests in 60 seconds, 10 of them `concurrent`. */
  readonly rate?: { readonly requests: number; readonly seconds: number; readonly concurrent?: number };
  /** One button per way to connect, the recommended one first. */
  readonly auth: readonly [Auth, ...Auth[]];
  /** The settings of one integration. */
  readonly config: Form;
  /** Counts up when `config` changes so that settings saved before no longer fit: see `migrateConfig`. Default 1. */
  readonly configVersion?: number;
  /** What the operator fills in once per hub (client id, client secret, webhook key); also `<PLUGIN>_<FIELD>`. */
  readonly app?: Form;
  /** The checker holds the plugin to it; never shown. */
  readonly whiteLabel?: WhiteLabel;
  /**
   * Other languages: by BCP 47 tag, each English text of the plugin (summary, guides, titles, descriptions, labels, reasons) → the
   * same in that language. `{count} Contacts`, with the title of a stream, is an ICU message of how many of them there are:
   * `{count, plural, one {# Kontakt} other {# Kontakte}}`. What is left out is shown in English.
   */
  readonly texts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * The same of what handlers say while they run (messages of `test`, of errors and of actions, reasons, notes, todos): by BCP
   * 47 tag, English sentence, with `{name}` where something is put in → the same in that language, with the same names:
   * `'Connected to {account}, {count} contacts.'`. What is put in may be a sentence, or words, of this list; counts, days
   * (`2026-01-31`) and sums (`USD 1,204.50`) are written as the reader writes them.
   */
  readonly sentences?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A card and nothing else. */
export interface ComingSoonManifest {
  readonly sdk: 1;
  readonly name: string;
  readonly summary: string;
  readonly category: Category;
  readonly docs: `https://${string}`;
  readonly whiteLabel?: WhiteLabel;
  readonly comingSoon: true;
  /** As those of a {@link Manifest}. */
  readonly texts?: Manifest['texts'];
}

/** A way to connect: one button. */
export type Auth = OAuth2 | Keys;

/** OAuth 2.0 authorization code. `clientId` and `clientSecret` come from the operator's `app` fields of these names. */
export interface OAuth2 {
  readonly method: 'oauth';
  readonly title: string;
  /** Markdown for the store owner, step by step. `{{redirectUri}}`, `{{webhookUrl}}` and `{{brand}}` are filled in. */
  readonly guide: string;
  readonly authorizeUrl: `https://${string}`;
  readonly tokenUrl: `https://${string}`;
  readonly scopes: readonly Scope[];
  /** Default ' '. */
  readonly scopeSeparator?: string;
  /** Send a PKCE S256 challenge; default true. */
  readonly pkce?: boolean;
  /**
   * Where operators may name the permissions by a configuration they made at the provider: this `app` field, where it is
   * filled in, goes into the authorize URL as `param`, in place of `scope`.
   */
  readonly scopesFrom?: { readonly field: string; readonly param: string };
  /** Added to the authorize URL. */
  readonly authorizeParams?: Readonly<Record<string, string>>;
  /** Added to the body of every token request. */
  readonly tokenParams?: Readonly<Record<string, string>>;
  /** How the client authenticates at the token endpoint; default 'body'. */
  readonly clientAuth?: 'body' | 'basic';
  /** A first, short-lived token is exchanged for a long-lived one: a second request to `tokenUrl` (POST), before `identify`. */
  readonly exchange?: { readonly grantType: string; readonly tokenParam: string; readonly method?: 'GET' | 'POST' };
  /** Where nothing renews a token but the owner's consent: from `warnDays` before its end the card asks for it. */
  readonly renewal?: { readonly by: 'owner'; readonly warnDays: number };
  /** RFC 7009: where a token is revoked when the owner disconnects, after the handler `disconnect`. */
  readonly revokeUrl?: `https://${string}`;
}

/** Keys a store owner copies from the provider. Fields that are not `x-secret` reach `identify` in `grant`. */
export interface Keys {
  readonly method: 'manual';
  readonly title: string;
  /** Markdown for the store owner: where to find each key. */
  readonly guide: string;
  readonly fields: Form;
  /** `{ Authorization: 'Bearer {token}' }`: filled in from the fields. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where the provider takes any key without a word: a sentence beside the button on how to see that it works. */
  readonly unproven?: string;
}

/** What a plugin asks the provider's consent for. */
export interface Scope {
  readonly name: string;
  /** Why it is asked for, in words for the store owner. */
  readonly reason: string;
  /** The connection works without it. */
  readonly optional?: true;
}
