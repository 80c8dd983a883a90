import type { AccountPage, FactorPage, ForgotPage, LoginCodePage, ResetPage } from './account-page.ts';
import type { KeysPage } from './keys-page.ts';
import type { InvitationPage, PeoplePage } from './people-page.ts';
import type { AdminKeysPage, AdminStoresPage, UserPage, UsersPage } from './users-page.ts';

/** Page template → its model. */
export interface PeoplePages {
  readonly 'login-code': LoginCodePage;
  readonly forgot: ForgotPage;
  readonly reset: ResetPage;
  readonly account: AccountPage;
  readonly 'second-factor': FactorPage;
  readonly people: PeoplePage;
  readonly invitation: InvitationPage;
  readonly keys: KeysPage;
  readonly 'admin-users': UsersPage;
  readonly 'admin-user': UserPage;
  readonly 'admin-stores': AdminStoresPage;
  readonly 'admin-keys': AdminKeysPage;
}
