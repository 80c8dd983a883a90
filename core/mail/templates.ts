/** What each mail has to be told. Moments are ISO 8601 texts, addresses whole URLs. */
export interface MailVars {
  readonly invitation: {
    /** Null: into the administration of the hub. */
    readonly storeName: string | null;
    readonly inviter: string;
    readonly role: string;
    readonly url: string;
    readonly days: number;
  };
  readonly 'password-reset': { readonly url: string; readonly minutes: number };
  readonly 'password-changed': { readonly at: string; readonly where: string; readonly url: string };
  readonly 'new-sign-in': { readonly at: string; readonly where: string; readonly device: string; readonly url: string };
  /** Something of a store that only a person can mend: now, once more, or as a daily summary. */
  readonly attention: {
    readonly subject: string;
    readonly storeName: string;
    readonly intro: string;
    readonly items: readonly AttentionItem[];
    readonly several: boolean;
    /** How many are not among the items; 0: none. */
    readonly more: number;
    readonly label: string;
    readonly url: string;
    readonly choicesUrl: string;
  };
  readonly 'plugin-here': { readonly pluginName: string; readonly storeName: string; readonly url: string };
  readonly test: { readonly publicUrl: string };
}
export type MailTemplate = keyof MailVars;

export interface AttentionItem {
  readonly title: string;
  readonly what: string;
  readonly since: string;
  readonly meanwhile: string;
  readonly button: string;
  readonly url: string;
}
