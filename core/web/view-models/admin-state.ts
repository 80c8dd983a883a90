import type { Template } from '../../plugins/registry.ts';
import type { IconName } from '../icons.ts';

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
  if (state === 'missing') return { state: 'needs-attention', text: 'Folder gone', icon: 'alert' };
  if (state === 'failed' && !loaded) return { state: 'unavailable', text: 'Failed', icon: 'fault' };
  if (error !== undefined) return { state: 'needs-attention', text: 'Change refused', icon: 'alert' };
  if (!active) return { state: 'disconnected', text: 'Switched off', icon: 'off' };
  if (state === 'coming-soon') return { state: 'disconnected', text: 'Coming soon', icon: 'soon' };
  return { state: 'connected', text: 'Running', icon: 'check' };
}

/** What the state means and what to do about it. */
export function stateSentence(template: Pick<Template, 'state' | 'active' | 'loaded' | 'error'>): string | undefined {
  const { state, active, loaded, error } = template;
  if (state === 'missing')
    return 'The folder is no longer there. What stores have of it is kept and works again once it is back.';
  if (state === 'failed' && !loaded)
    return 'It could not be loaded, so nobody can use it. Mend what is named here; it is tried again at once.';
  if (error !== undefined) return 'The folder was changed and the change was refused. The generation before it goes on working.';
  if (!active) return 'Stores cannot connect it anew. Connections they have go on working.';
  return undefined;
}
