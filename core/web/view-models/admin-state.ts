import type { Template } from '../../plugins/registry.ts';
import type { IconName } from '../icons.ts';
import { t } from '../words/texts.ts';

/** How a plugin stands, in a word, a drawing and a colour. */
export interface AdminState {
  /** Names the colour: those of the cards' states. */
  readonly state: 'connected' | 'needs-attention' | 'unavailable' | 'disconnected';
  readonly text: string;
  readonly icon: IconName;
}

export function adminState({
  state,
  active,
  loaded,
  error,
}: Pick<Template, 'state' | 'active' | 'loaded' | 'error'>): AdminState {
  if (state === 'missing') return { state: 'needs-attention', text: t('admin.state.gone'), icon: 'alert' };
  if (state === 'failed' && !loaded) return { state: 'unavailable', text: t('admin.state.failed'), icon: 'fault' };
  if (error !== undefined) return { state: 'needs-attention', text: t('admin.state.refused'), icon: 'alert' };
  if (!active) return { state: 'disconnected', text: t('admin.state.off'), icon: 'off' };
  if (state === 'coming-soon') return { state: 'disconnected', text: t('admin.state.soon'), icon: 'soon' };
  return { state: 'connected', text: t('admin.state.running'), icon: 'check' };
}

/** What the state means and what to do about it. */
export function stateSentence(template: Pick<Template, 'state' | 'active' | 'loaded' | 'error'>): string | undefined {
  const { state, active, loaded, error } = template;
  if (state === 'missing') return t('admin.sentence.gone');
  if (state === 'failed' && !loaded) return t('admin.sentence.failed');
  if (error !== undefined) return t('admin.sentence.refused');
  if (!active) return t('admin.sentence.off');
  return undefined;
}
