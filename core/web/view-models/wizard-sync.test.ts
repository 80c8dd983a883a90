import { describe, expect, it } from '@jest/globals';
import { healthLike, sampleIntegration, sampleTemplate } from '../../../tests/support/view-samples.ts';
import type { Run } from '../../syncs/syncs.ts';
import { type FirstSyncInput, firstSyncPage } from './wizard-sync.ts';

const integration = sampleIntegration({});
const todo = { text: 'Choose a list.', step: 'Choose lists', field: 'streams' };
const asks: FirstSyncInput['health'] = {
  ...healthLike(integration),
  state: 'attention',
  reason: todo.text,
  fix: { by: 'settings', field: 'streams' },
  todo: [todo] as never,
};
const refused = {
  id: 'r',
  integrationId: integration.id,
  stream: 'contacts',
  status: 'failed',
  errorCode: 'FORBIDDEN',
  message: 'Acme does not allow this. Connect again.',
  queuedAt: new Date(0),
  failures: [],
} as unknown as Run;
const page = (change: Partial<FirstSyncInput>) =>
  firstSyncPage({
    template: sampleTemplate({}),
    integration,
    href: '/integrations/acme/i',
    runs: [],
    counts: {},
    schedules: [],
    health: healthLike(integration),
    viewer: { manage: true },
    ...change,
  });

describe('the finish line', () => {
  it('puts what was refused before what is left to choose, and names both', () => {
    const shown = page({ health: asks, runs: [refused] });
    expect(shown.trouble).toBe('Acme does not allow this. Connect again.');
    expect(shown.fix).toMatchObject({ href: '/integrations/acme/i/reconnect', text: 'Reconnect' });
    expect(shown.left).toMatchObject({ says: 'Choose a list.', step: { text: 'Choose lists' } });
  });

  it('asks for the choice alone where nothing failed', () => {
    const shown = page({ health: asks });
    expect([shown.trouble, shown.fix?.text, shown.left]).toEqual(['Choose a list.', 'Choose lists', undefined]);
  });

  it('offers staff no step that is not theirs', () => {
    const shown = page({ health: asks, runs: [refused], viewer: { manage: false } });
    expect([shown.fix, shown.left]).toEqual([undefined, { says: 'Choose a list.', step: undefined }]);
  });
});
