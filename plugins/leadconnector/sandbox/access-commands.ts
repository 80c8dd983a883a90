import type { SandboxCommand } from 'patchbay';
import { command, NO_INPUT } from 'patchbay/simulator';
import { placeOf } from './demo.ts';
import { atLocation, type Desk, home } from './desk.ts';

const expireTokens = (desk: Desk) =>
  command({
    title: 'Expire access tokens',
    description: 'A good hub renews them by itself at its next call.',
    input: NO_INPUT,
    async run() {
      const connections = desk.tokens.expire();
      return { message: `Access tokens expired: ${connections}. They can be refreshed.`, connections };
    },
  });

const revokeTokens = (desk: Desk) =>
  command({
    title: 'Revoke all tokens',
    description: 'Refreshing fails as well: only a person can connect again.',
    input: NO_INPUT,
    async run() {
      const connections = desk.tokens.revoke();
      return { message: `Connections whose tokens are revoked: ${connections}.`, connections };
    },
  });

const uninstall = (desk: Desk) =>
  command({
    title: 'Uninstall the app',
    description: 'Ends the tokens of a location and says so by webhook.',
    input: atLocation,
    async run({ location = home }) {
      const connections = desk.tokens.revoke(({ subject }) => subject === location);
      desk.hooks.emit(location, 'UNINSTALL', {});
      return { message: `Uninstalled from ${placeOf(location)?.name ?? location}.`, connections };
    },
  });

const install = (desk: Desk) =>
  command({
    title: 'Install the app',
    description: 'Says so by webhook; a connection is made from the hub.',
    input: atLocation,
    async run({ location = home }) {
      desk.hooks.emit(location, 'INSTALL', { installType: 'Location' });
      return { message: `Installed in ${placeOf(location)?.name ?? location}.` };
    },
  });

/** Ends and begins what a hub may do. */
export function accessCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    expireTokens: expireTokens(desk),
    revokeTokens: revokeTokens(desk),
    uninstall: uninstall(desk),
    install: install(desk),
  };
}
