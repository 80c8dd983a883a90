import type { SandboxCommand } from 'patchbay';
import { command, NO_INPUT } from 'patchbay/simulator';
import { HOSTS, OWNER } from './demo.ts';
import { chosen, type Desk, propertyField } from './desk.ts';

const toggled = (list: readonly string[], value: string) =>
  list.includes(value) ? list.filter((one) => one !== value) : [...list, value];

const expireTokens = (desk: Desk) =>
  command({
    title: 'Expire access tokens',
    description: 'A good hub renews them by itself at its next call.',
    input: NO_INPUT,
    async run() {
      const connections = desk.tokens.expire();
      return { message: `Access tokens expired: ${connections}. They can be renewed.`, connections };
    },
  });

const revokeTokens = (desk: Desk) =>
  command({
    title: 'Remove the app’s access',
    description: 'As a person does at myaccount.google.com: renewing fails as well, only a person can connect again.',
    input: NO_INPUT,
    async run() {
      const connections = desk.tokens.revoke(({ subject }) => subject === OWNER.sub);
      return { message: `Consents of ${OWNER.email} removed: ${connections}.`, connections };
    },
  });

const closeProperty = (desk: Desk) =>
  command({
    title: 'Close or reopen a property',
    description: 'Whoever is connected may not read it any more: 403, and it is gone from the list.',
    input: { type: 'object', properties: { property: propertyField } },
    async run({ property }) {
      const { id, displayName } = chosen(property);
      desk.world.change({ closed: toggled(desk.world.state.closed, id) });
      return {
        message: `${displayName} ${desk.world.state.closed.includes(id) ? 'may not be read any more' : 'may be read again'}.`,
      };
    },
  });

const switchApi = (desk: Desk) =>
  command({
    title: 'Switch an API off or on',
    description: 'As the operator does in the Cloud project of the app: 403 with SERVICE_DISABLED.',
    input: {
      type: 'object',
      properties: { api: { type: 'string', title: 'API', enum: [HOSTS.data, HOSTS.admin], default: HOSTS.data } },
    },
    async run({ api = HOSTS.data }) {
      desk.world.change({ disabled: toggled(desk.world.state.disabled, api) });
      return { message: `${api} is switched ${desk.world.state.disabled.includes(api) ? 'off' : 'on'}.` };
    },
  });

/** Ends and begins what a hub may do. */
export function accessCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    expireTokens: expireTokens(desk),
    revokeTokens: revokeTokens(desk),
    closeProperty: closeProperty(desk),
    switchApi: switchApi(desk),
  };
}
