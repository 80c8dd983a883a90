import { ACTS } from './gallery-acts.ts';
import { openFirstRun } from './gallery-first-run.ts';
import { mailsOf } from './gallery-mails.ts';
import type { Act, Scene } from './gallery-scenes.ts';
import type { Stage, Viewer } from './stage/stage.ts';

const BEFORE = 'Before somebody is known';
const PEOPLE = 'A store and its people';
const OWNER = 'The store owner’s pages';
const OPERATOR = 'The operator’s pages';
const MAILS = 'The mails';
const EYES = 'Other eyes';

type State = readonly [name: string, says: string, path: string, act?: Act];

/** States that no address leads to; a person's own in the order in which they come about. */
export function statesOf(stage: Stage): Scene[] {
  const scenes = (chapter: string, viewer: Viewer, states: readonly State[]): Scene[] =>
    states.map(([name, says, path, act]) => ({ name, says, path, chapter, viewer, ...(act && { act }) }));
  const at = (plugin: string, rest = '') => `/integrations/${plugin}/${stage.integrations.get(plugin)}${rest}`;
  return [
    ...scenes(BEFORE, 'stranger', [
      ['first-run', 'The first minute of a hub', '/login', openFirstRun],
      ['login-refused', 'Logging in with a wrong password', '/login', ACTS.logInWrongly],
    ]),
    ...scenes(OWNER, 'newcomer', [
      ['keys-refused', 'Connecting with a key that is wrong', '/integrations/mailchimp', ACTS.connectWrongly],
      ['consent', 'What the simulator asks in the provider’s place', '/integrations/leadconnector', ACTS.askConsent],
      ['consent-refused', 'Nothing was allowed', '/integrations/leadconnector', ACTS.refuseConsent],
      ['set-up-configure', 'What to sync, at the first time', '/integrations/leadconnector', ACTS.consent],
      ['set-up-done', 'The end of a set-up', '/integrations/leadconnector', ACTS.finishSetUp],
    ]),
    ...scenes(OWNER, 'owner', [
      ['cards-not-found', 'A search that finds no card', '/integrations', ACTS.search],
      ['running', 'A sync at work', at('leadconnector'), ACTS.runSync],
      ['running-card', 'A sync at work, on its card', '/integrations?q=leadconnector', ACTS.runSync],
      ['disconnect-dialog', 'The question before an end', at('leadconnector'), ACTS.ask],
      ['configure-refused', 'Settings that cannot be saved', at('leadconnector', '/configure'), ACTS.configureWrongly],
      ['record', 'A contact, with what may be done with it', at('leadconnector', '/records/contacts'), ACTS.openRecord],
      ['records-not-found', 'A search that finds no contact', at('leadconnector', '/records/contacts?q=fax+machine')],
      ['preview', 'What a message would do if it were handled again', at('leadconnector', '/events'), ACTS.preview],
      [
        'paused-refused',
        'Something that cannot be done while a connection is paused',
        at('google-analytics', '/actions/sendEvent'),
      ],
    ]),
    ...scenes(PEOPLE, 'owner', [
      ['menu', 'The menu of a person', '/integrations', ACTS.openMenu],
      ['invited', 'An invitation, made', '/people', ACTS.invite],
      ['key-made', 'A key, shown this once', '/keys', ACTS.makeKey],
      ['not-found', 'An address that leads nowhere', '/nothing-here'],
      ['broken', 'A failure of ours', '/audit', ACTS.fail],
    ]),
    ...scenes(PEOPLE, 'staff', [
      ['forbidden', 'A page that staff may not see', '/keys'],
      ['factor-scan', 'Turning on the second factor', '/account/second-factor'],
      ['factor-codes', 'The codes for the day without a phone', '/account/second-factor', ACTS.confirmFactor],
      ['factor-on', 'With a second factor', '/account/second-factor'],
    ]),
    ...scenes(OPERATOR, 'operator', [
      ['failed-card', 'The card of a plugin that does not run, as the operator sees it', '/integrations?q=acme'],
      ['stores-menu', 'Changing to another store', '/admin/stores', ACTS.openStores],
      ['bulk-ticked', 'Some that are ticked', '/admin/integrations', ACTS.tick],
      ['bulk-running', 'A test of many at work', '/admin/integrations', ACTS.runBulk],
    ]),
    ...scenes(MAILS, 'operator', mailsOf(stage)),
    ...scenes(EYES, 'owner', [
      ['contrast', 'For a reader who asked for more contrast', '/integrations', ACTS.contrast],
      ['forced-colors', 'In the reader’s own colours', '/integrations', ACTS.forcedColors],
      ['right-to-left', 'From right to left', '/integrations', ACTS.mirror],
      ['right-to-left-details', 'From right to left', at('leadconnector'), ACTS.mirror],
      ['german', 'In German', '/dashboard', ACTS.speakGerman],
    ]),
  ];
}
