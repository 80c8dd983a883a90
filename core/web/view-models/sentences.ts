import type { Connected } from '../../integrations/connect.ts';
import type { Template } from '../../plugins/registry.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { countOf, streamTitle } from './stream-words.ts';

/** What the test said: `Connected to Blue Fitness, 3,412 contacts.` A sentence of our own where it said nothing. */
export function connectedSentence({ integration, test }: Pick<Connected, 'integration' | 'test'>, template: Template): string {
  if (test.message) return said(test.message);
  const [first] = Object.entries(test.counts ?? integration.counts);
  const who = integration.account?.label ?? integration.name;
  return first
    ? t('plugin.connectedWith', { who, what: countOf(streamTitle(template, first[0]), first[1]) })
    : t('plugin.connected', { who });
}
