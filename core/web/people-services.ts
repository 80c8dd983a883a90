import type { Invitations } from '../access/invitations.ts';
import type { Members } from '../access/members.ts';
import type { PasswordResets } from '../access/password-resets.ts';
import type { SessionListStore } from '../access/session-list-store.ts';
import type { SecondFactors } from '../access/totp.ts';
import type { UserAdmin } from '../access/user-admin.ts';

/** How people come in, prove themselves and leave. */
export interface PeopleServices {
  readonly members: Members;
  readonly userAdmin: UserAdmin;
  readonly sessionList: SessionListStore;
  readonly factors: SecondFactors;
  readonly invitations: Invitations;
  readonly resets: PasswordResets;
}
