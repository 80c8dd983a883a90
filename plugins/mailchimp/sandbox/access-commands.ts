import type { SandboxCommand } from 'patchbay';
import { command, NO_INPUT } from 'patchbay/simulator';
import { accountOf, BLUE_FITNESS } from './demo.ts';
import { accountField, type Desk } from './desk.ts';

const ofAccount = { type: 'object', properties: { account: accountField } } as const;

const revokeTokens = (desk: Desk) =>
  command({
    title: 'Remove the app',
    description: 'Ends every sign-in with the account. Tokens here never expire, and nothing renews them: only a person can.',
    input: ofAccount,
    async run({ account = BLUE_FITNESS.id }) {
      const connections = desk.tokens.revoke(({ subject }) => subject === account);
      return { message: `Sign-ins that ended: ${connections}.`, connections };
    },
  });

const key = (desk: Desk, enabled: boolean) =>
  command({
    title: enabled ? 'Enable the API key' : 'Disable the API key',
    input: ofAccount,
    async run({ account: id = BLUE_FITNESS.id }) {
      const account = accountOf(id) ?? BLUE_FITNESS;
      desk.keys.set(account.apiKey, enabled);
      return { message: `The API key of ${account.name} is ${enabled ? 'enabled' : 'disabled'}.` };
    },
  });

const toggleSigning = (desk: Desk) =>
  command({
    title: 'Sign new webhooks, or not',
    description: 'Webhooks made before signing existed carry no signature. Those that exist stay as they are.',
    input: NO_INPUT,
    async run() {
      desk.hooks.signing = !desk.hooks.signing;
      desk.save();
      return {
        message: `Webhooks made from now on are ${desk.hooks.signing ? 'signed' : 'not signed'}.`,
        signing: desk.hooks.signing,
      };
    },
  });

/** Ends and begins what a hub may do. */
export function accessCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    revokeTokens: revokeTokens(desk),
    disableKey: key(desk, false),
    enableKey: key(desk, true),
    toggleSigning: toggleSigning(desk),
  };
}
