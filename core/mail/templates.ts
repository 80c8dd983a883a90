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
  readonly test: { readonly publicUrl: string };
}
export type MailTemplate = keyof MailVars;
