import { logIn, logOut, showLogin } from './page-login.ts';
import { setUp, showSetup } from './page-setup.ts';
import { showStores, start, switchStore } from './page-stores.ts';
import type { Route } from './route.ts';

/** Pages; forms post `application/x-www-form-urlencoded` with `_csrf`. */
export const pageRoutes: readonly Route[] = [
  { on: 'GET /', who: 'anyone', run: start },
  { on: 'GET /setup', who: 'anyone', run: showSetup },
  { on: 'POST /setup', who: 'anyone', run: setUp },
  { on: 'GET /login', who: 'anyone', run: showLogin },
  { on: 'POST /login', who: 'anyone', run: logIn },
  { on: 'POST /logout', who: 'anyone', run: logOut },
  { on: 'GET /stores', who: 'signed-in', run: showStores },
  { on: 'POST /stores', who: 'signed-in', run: switchStore },
];
