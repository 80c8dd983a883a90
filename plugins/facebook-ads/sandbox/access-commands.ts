import type { SandboxCommand } from 'patchbay';
import { choiceField, command, NO_INPUT } from 'patchbay/simulator';
import { NORA, PEOPLE, SCOPES } from './demo.ts';
import type { Desk } from './desk.ts';
import { DAY } from './time.ts';

const personField = choiceField('Login', PEOPLE);

const expireTokens = (desk: Desk) =>
  command({
    title: 'Expire the logins',
    description: 'Nothing renews them: a good hub asks its owner to connect again.',
    input: NO_INPUT,
    async run() {
      const logins = desk.tokens.endAt(desk.now() - 1000);
      return { message: `Logins that have expired: ${logins}.`, logins };
    },
  });

const ending = (title: string, given: { subcode: number; description: string; done: string }) => (desk: Desk) =>
  command({
    title,
    description: given.description,
    input: { type: 'object', properties: { person: personField } },
    async run({ person = NORA.id }) {
      const logins = desk.tokens.end(given.subcode, (token) => token.user === person);
      return { message: `${given.done} Logins ended: ${logins}.`, logins };
    },
  });

const removeApp = ending('Remove the app', {
  subcode: 458,
  description: 'The person takes the permission back under Business integrations. No webhook says so.',
  done: 'Removed.',
});
const changePassword = ending('Change the password', {
  subcode: 460,
  description: 'Ends every token of the person, the pages’ tokens included.',
  done: 'Changed.',
});

const declineScope = (desk: Desk) =>
  command({
    title: 'Take one permission back',
    input: {
      type: 'object',
      properties: {
        person: personField,
        scope: { type: 'string', title: 'Permission', enum: SCOPES, default: 'leads_retrieval' },
      },
    },
    async run({ person = NORA.id, scope = 'leads_retrieval' }) {
      desk.tokens.decline(person, scope);
      return { message: `${scope} is declined now.` };
    },
  });

const endSoon = (desk: Desk) =>
  command({
    title: 'Let the logins end soon',
    description: 'As if most of the 60 days were over; a connection made before does not learn of it.',
    input: {
      type: 'object',
      properties: { days: { type: 'integer', title: 'In days', default: 5, minimum: 1, maximum: 60 } },
    },
    async run({ days = 5 }) {
      const logins = desk.tokens.endAt(desk.now() + days * DAY);
      return { message: `Logins that end in ${days} days: ${logins}.`, logins };
    },
  });

const WHEN = { now: 'now', soon: 'in 5 days', never: 'never' } as const;

const endSystemToken = (desk: Desk) =>
  command({
    title: 'Set the end of the system user’s token',
    input: {
      type: 'object',
      properties: {
        when: { type: 'string', title: 'It ends', enum: ['now', 'soon', 'never'], 'x-labels': WHEN, default: 'now' },
      },
    },
    async run({ when = 'now' }) {
      const moment = { now: desk.now() - 1000, soon: desk.now() + 5 * DAY, never: 0 }[when];
      desk.tokens.endAt(moment, 'system');
      return { message: `The system user’s token ends ${WHEN[when]}.` };
    },
  });

const requireProof = (desk: Desk) =>
  command({
    title: 'Ask for the app secret’s proof',
    description: 'The app’s setting "Require App Secret": calls without appsecret_proof are refused.',
    input: { type: 'object', properties: { on: { type: 'boolean', title: 'On', default: true } } },
    async run({ on = true }) {
      desk.requireProof = on;
      return { message: on ? 'Calls need the proof.' : 'Calls need no proof.' };
    },
  });

/** Ends and begins what a hub may do. */
export function accessCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    expireTokens: expireTokens(desk),
    endSoon: endSoon(desk),
    endSystemToken: endSystemToken(desk),
    removeApp: removeApp(desk),
    changePassword: changePassword(desk),
    declineScope: declineScope(desk),
    requireProof: requireProof(desk),
  };
}
