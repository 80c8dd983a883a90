import type { Route } from '../http/route.ts';
import { endAllSessions, endOwnSession, showAccount } from './account.ts';
import { renewCodes, showFactor, showQr, turnFactorOff, turnFactorOn } from './account-factor.ts';
import { changePassword, forgot, reset, showForgot, showReset } from './account-password.ts';
import { revokeAnyKey, showAdminKeys } from './admin-keys.ts';
import { createStore, renameStore, showAdminStores } from './admin-stores.ts';
import {
  endUserSessions,
  inviteOperator,
  makeResetLink,
  resendToOperator,
  revokeFromOperator,
  showUser,
  showUsers,
  switchOperator,
  switchUser,
  takeFactorOff,
} from './admin-users.ts';
import { makeKey, revokeKey, showKeys } from './keys.ts';
import { proveCode, showCode } from './login-code.ts';
import { invite, leaveStore, removeMember, resendInvitation, revokeInvitation, setRole, showPeople } from './people.ts';
import { acceptInvitation, showInvitation } from './people-invitation.ts';

/** How people come in, prove themselves and leave. */
export const peoplePageRoutes: readonly Route[] = [
  { on: 'GET /login/code', who: 'anyone', run: showCode },
  { on: 'POST /login/code', who: 'anyone', run: proveCode },
  { on: 'GET /forgot', who: 'anyone', run: showForgot },
  { on: 'POST /forgot', who: 'anyone', run: forgot },
  { on: 'GET /reset/:token', who: 'anyone', run: showReset },
  { on: 'POST /reset/:token', who: 'anyone', run: reset },
  { on: 'GET /account', who: 'signed-in', run: showAccount },
  { on: 'POST /account/password', who: 'signed-in', run: changePassword },
  { on: 'POST /account/sessions/end', who: 'signed-in', run: endAllSessions },
  { on: 'POST /account/sessions/:session/end', who: 'signed-in', run: endOwnSession },
  { on: 'GET /account/second-factor', who: 'signed-in', run: showFactor },
  { on: 'POST /account/second-factor', who: 'signed-in', run: turnFactorOn },
  { on: 'POST /account/second-factor/codes', who: 'signed-in', run: renewCodes },
  { on: 'POST /account/second-factor/off', who: 'signed-in', run: turnFactorOff },
  { on: 'GET /account/second-factor/qr.svg', who: 'signed-in', run: showQr },
  { on: 'GET /invitations/:token', who: 'anyone', run: showInvitation },
  { on: 'POST /invitations/:token', who: 'anyone', run: acceptInvitation },
  { on: 'GET /people', who: 'signed-in', run: showPeople },
  { on: 'POST /people/invite', who: 'signed-in', run: invite },
  { on: 'POST /people/leave', who: 'signed-in', run: leaveStore },
  { on: 'POST /people/invitations/:invitation/resend', who: 'signed-in', run: resendInvitation },
  { on: 'POST /people/invitations/:invitation/revoke', who: 'signed-in', run: revokeInvitation },
  { on: 'POST /people/:user/role', who: 'signed-in', run: setRole },
  { on: 'POST /people/:user/remove', who: 'signed-in', run: removeMember },
  { on: 'GET /keys', who: 'signed-in', run: showKeys },
  { on: 'POST /keys', who: 'signed-in', run: makeKey },
  { on: 'POST /keys/:key/revoke', who: 'signed-in', run: revokeKey },
  { on: 'GET /admin/users', who: 'operator', run: showUsers },
  { on: 'POST /admin/users/invite', who: 'operator', run: inviteOperator },
  { on: 'POST /admin/users/invitations/:invitation/resend', who: 'operator', run: resendToOperator },
  { on: 'POST /admin/users/invitations/:invitation/revoke', who: 'operator', run: revokeFromOperator },
  { on: 'GET /admin/users/:id', who: 'operator', run: showUser },
  { on: 'POST /admin/users/:id/disabled', who: 'operator', run: switchUser },
  { on: 'POST /admin/users/:id/operator', who: 'operator', run: switchOperator },
  { on: 'POST /admin/users/:id/sessions/end', who: 'operator', run: endUserSessions },
  { on: 'POST /admin/users/:id/second-factor/off', who: 'operator', run: takeFactorOff },
  { on: 'POST /admin/users/:id/reset-link', who: 'operator', run: makeResetLink },
  { on: 'GET /admin/stores', who: 'operator', run: showAdminStores },
  { on: 'POST /admin/stores', who: 'operator', run: createStore },
  { on: 'POST /admin/stores/:id/name', who: 'operator', run: renameStore },
  { on: 'GET /admin/keys', who: 'operator', run: showAdminKeys },
  { on: 'POST /admin/keys/:store/:key/revoke', who: 'operator', run: revokeAnyKey },
];
