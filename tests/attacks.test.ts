import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { accounts } from './support/attacks/accounts.ts';
import { csrf } from './support/attacks/csrf.ts';
import { egress } from './support/attacks/egress.ts';
import { foreign } from './support/attacks/foreign.ts';
import { type Attack, type Ground, openGround } from './support/attacks/ground.ts';
import { injection } from './support/attacks/injection.ts';
import { links } from './support/attacks/links.ts';
import { markup } from './support/attacks/markup.ts';
import { oauth } from './support/attacks/oauth.ts';
import { paths } from './support/attacks/paths.ts';
import { protocol } from './support/attacks/protocol.ts';
import { sessions } from './support/attacks/sessions.ts';
import { smuggling } from './support/attacks/smuggling.ts';
import { spoofing } from './support/attacks/spoofing.ts';
import { webhooks } from './support/attacks/webhooks.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground?.close());

const TABLE: Readonly<Record<string, readonly Attack[]>> = {
  'sessions and keys': sessions,
  'forms of foreign sites': csrf,
  'connecting by consent': oauth,
  'connecting by a link': links,
  'calls that are to go inside, or to somebody else': egress,
  'what belongs to another store': foreign,
  'a second request inside of the first': smuggling,
  'an address that leads out of where it may': paths,
  'what would be more than text': injection,
  'what would run in a page': markup,
  'a webhook that nobody sent,': webhooks,
  'methods, headers and sizes': protocol,
  'passwords, mails and invitations': accounts,
  'who somebody claims to be, and guesses': spoofing,
};

describe.each(Object.entries(TABLE))('%s: it comes to nothing,', (_, attacks) => {
  it.each(attacks)('%s', (_attempt, fails) => fails(ground));
});
