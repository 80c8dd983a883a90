import type { SandboxResponse } from 'patchbay';
import { accountDoc, changeAdNode, readAdNode } from './ad-routes.ts';
import { invalid, ok, unknownObject } from './answers.ts';
import type { Doc } from './base.ts';
import type { Call, Route } from './call.ts';
import { SCOPES } from './demo.ts';
import { deletePageNode, pageDoc, readPageNode } from './page-routes.ts';
import { listed, picked } from './paging.ts';

function me(call: Call): SandboxResponse {
  if (call.token.page) return ok({ id: call.token.page, name: 'A page' });
  const { id, name } = call.person;
  return ok(picked({ id, name }, call.params.get('fields'), 'User'));
}

function permissions(call: Call): SandboxResponse {
  const data = SCOPES.map((permission) => ({
    permission,
    status: call.scopes.includes(permission) ? 'granted' : 'declined',
  }));
  return ok({ data });
}

/** The login takes the app's access back. */
function revoke(call: Call): SandboxResponse {
  call.tokens.end(458, (token) => token.user === call.person.id);
  return ok({ success: true });
}

function adAccounts(call: Call): SandboxResponse {
  return listed(
    call,
    call.person.accounts.flatMap((id) => accountDoc(id) ?? []),
    'AdAccount',
  );
}

function pages(call: Call): SandboxResponse {
  const docs = call.person.pages.flatMap((id): Doc[] => {
    const page = pageDoc(call, id);
    return page ? [page] : [];
  });
  return listed(call, docs, 'Page');
}

function node(call: Call): SandboxResponse {
  const answer = readAdNode(call) ?? readPageNode(call);
  if (!answer) throw unknownObject(call.id);
  return answer;
}

function change(call: Call): SandboxResponse {
  const answer = changeAdNode(call);
  if (!answer) throw invalid(`Unsupported post request. Object with ID '${call.id}' does not exist`, 33);
  return answer;
}

function remove(call: Call): SandboxResponse {
  const answer = deletePageNode(call);
  if (!answer) throw unknownObject(call.id);
  return answer;
}

export const userRoutes: readonly Route[] = [
  { method: 'GET', path: /^me$/, run: me },
  { method: 'GET', path: /^me\/permissions$/, run: permissions },
  { method: 'DELETE', path: /^me\/permissions$/, run: revoke },
  { method: 'GET', path: /^me\/adaccounts$/, scopes: ['ads_read', 'ads_management'], run: adAccounts },
  { method: 'GET', path: /^me\/accounts$/, scopes: ['pages_show_list'], run: pages },
];

/** Whatever an id stands for; asked last. */
export const nodeRoutes: readonly Route[] = [
  { method: 'GET', path: /^(\d+)$/, useCase: 'ads_management', run: node },
  { method: 'POST', path: /^(\d+)$/, useCase: 'ads_management', run: change },
  { method: 'DELETE', path: /^(\d+)$/, run: remove },
];
