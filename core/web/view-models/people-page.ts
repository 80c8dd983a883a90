import type { Invitation } from '../../access/invitation-store.ts';
import type { MemberRow } from '../../access/membership-store.ts';
import { t } from '../words/texts.ts';

export interface PeoplePage {
  readonly store: string;
  /** May the reader change anything? */
  readonly manage: boolean;
  /** Does the hub send mail? */
  readonly mails: boolean;
  readonly members: readonly MemberView[];
  readonly invitations: readonly InvitationView[];
  readonly leave: boolean;
  /** Made just now: to be copied this once. */
  readonly link: { readonly email: string; readonly url: string } | undefined;
  readonly email: string;
  readonly error: string | undefined;
}

export interface MemberView extends MemberRow {
  readonly roleName: string;
  readonly own: boolean;
  /** Without them nobody could manage the store. */
  readonly last: boolean;
  readonly canChange: boolean;
  readonly otherRole: string;
  readonly otherRoleName: string;
}

export interface InvitationView extends Invitation {
  readonly roleName: string;
}

export interface InvitationPage {
  readonly email: string;
  readonly store: string | null;
  readonly roleName: string;
  readonly inviter: string;
  /** What the reader can do: join as who they are, log in first, log in as somebody else, or choose a password. */
  readonly kind: 'join' | 'log-in' | 'other' | 'new';
  /** Who is signed in. */
  readonly as: string | undefined;
  readonly action: string;
  readonly errors: Readonly<Record<string, string>>;
}

interface Around {
  readonly own: string;
  readonly manage: boolean;
  readonly members: readonly MemberRow[];
}

export function memberView(member: MemberRow, { own, manage, members }: Around): MemberView {
  const owners = members.filter(({ role, disabled }) => role === 'owner' && !disabled);
  const last = member.role === 'owner' && owners.length === 1 && owners[0]?.userId === member.userId;
  const otherRole = member.role === 'owner' ? 'staff' : 'owner';
  return {
    ...member,
    roleName: t(`people.role.${member.role}`),
    own: member.userId === own,
    last,
    canChange: manage && !last,
    otherRole,
    otherRoleName: t(`people.make.${otherRole}`),
  };
}

export function invitationView(invitation: Invitation): InvitationView {
  return { ...invitation, roleName: t(`people.role.${invitation.role}`) };
}
