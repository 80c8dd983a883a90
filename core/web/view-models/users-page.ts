import type { User } from '../../access/accounts.ts';
import type { KeyView } from './keys-page.ts';
import type { InvitationView } from './people-page.ts';

type UserRow = Omit<User, 'stamp'> & { readonly href: string };

export interface UsersPage {
  readonly search: string;
  readonly users: readonly UserRow[];
  /** Of the next page. */
  readonly next: string | undefined;
  readonly invitations: readonly InvitationView[];
  readonly mails: boolean;
  readonly link: { readonly email: string; readonly url: string } | undefined;
  readonly email: string;
  readonly error: string | undefined;
}

export interface UserPage extends UserRow {
  readonly stores: readonly { readonly name: string; readonly roleName: string }[];
  readonly own: boolean;
  /** For a new password, made just now. */
  readonly link: { readonly url: string; readonly hours: number } | undefined;
}

export interface AdminStoresPage {
  readonly stores: readonly StoreRow[];
  readonly name: string;
  readonly slug: string;
  readonly error: string | undefined;
}

interface StoreRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly members: number;
  readonly integrations: number;
}

export interface AdminKeysPage {
  readonly keys: readonly (KeyView & { readonly storeName: string })[];
}
