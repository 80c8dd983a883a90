import type { DataSource } from 'typeorm';
import type { Audit } from './access/audit.ts';
import type { Seal } from './access/idempotency-keys.ts';
import { InvitationStore } from './access/invitation-store.ts';
import { Invitations } from './access/invitations.ts';
import { LoginThrottle } from './access/login-throttle.ts';
import { Members } from './access/members.ts';
import { MembershipStore } from './access/membership-store.ts';
import { PasswordResetStore } from './access/password-reset-store.ts';
import { PasswordResets } from './access/password-resets.ts';
import { SessionListStore } from './access/session-list-store.ts';
import { SecondFactors } from './access/totp.ts';
import { TotpStore } from './access/totp-store.ts';
import { UserAdmin } from './access/user-admin.ts';
import { UserStore } from './access/user-store.ts';
import type { Config } from './config.ts';
import type { Mail } from './mail/mail.ts';
import type { PeopleServices } from './web/people-services.ts';
import { reader } from './web/words/reader.ts';

interface PeopleParts {
  readonly config: Pick<Config, 'publicUrl' | 'brand'>;
  readonly dataSource: DataSource;
  readonly vault: Seal;
  readonly audit: Audit;
  readonly mail: Pick<Mail, 'send'>;
}

/** Mails to one address, whoever invites. */
const INVITATION_LIMITS = { perAddress: 10, perIp: 10, seconds: 3600, everywhere: 10, everywhereSeconds: 3600 };

/** How people come in, prove themselves and leave. */
export function wirePeople({ config, dataSource, mail, ...parts }: PeopleParts): PeopleServices {
  const memberships = new MembershipStore(dataSource);
  const users = new UserStore(dataSource);
  const { publicUrl, brand } = config;
  const base = { ...parts, memberships, users, publicUrl };
  return {
    members: new Members(base),
    userAdmin: new UserAdmin(base),
    sessionList: new SessionListStore(dataSource),
    factors: new SecondFactors({ ...base, factors: new TotpStore(dataSource), issuer: brand.name }),
    invitations: new Invitations({
      ...base,
      invitations: new InvitationStore(dataSource),
      throttle: new LoginThrottle({ database: dataSource, kind: 'invitation', limits: INVITATION_LIMITS }),
      send: ({ to, storeId, ...vars }, sql) =>
        mail.send({ to, storeId, template: 'invitation', vars, locale: reader().locale }, sql),
    }),
    resets: new PasswordResets({
      ...base,
      resets: new PasswordResetStore(dataSource),
      send: ({ to, ...vars }, sql) => mail.send({ to, template: 'password-reset', vars, locale: reader().locale }, sql),
    }),
  };
}
