import type { Incident } from './incident-store.ts';

/** What a person is told of an incident. */
export interface IncidentWords {
  readonly title: string;
  readonly what: string;
  /** What is lost meanwhile, or not. */
  readonly meanwhile: string;
  /** The page where it is mended, without its host. */
  readonly path: string;
  readonly button: string;
}

const WAITS =
  'Until then nothing is synced. Nothing is lost: live changes that arrive wait, and the next sync brings what changed.';

/** @param plugin its name as people know it */
export function wordsOf(incident: Incident, plugin: string): IncidentWords {
  const { kind, name, message, reason, about, pluginId } = incident;
  const page = `/integrations/${pluginId}/${about}`;
  const called = plugin && plugin !== name ? `${plugin} (${name})` : name;
  switch (kind) {
    case 'needs-attention':
      return { title: `${called} stopped working`, what: message ?? `${name} has to be looked at.`, ...mending(reason, page) };
    case 'ends-soon':
      return {
        title: `${called} has to be connected again soon`,
        what: message ?? 'Its permission ends soon.',
        meanwhile: 'It goes on working until then.',
        path: `${page}/reconnect`,
        button: 'Connect again',
      };
    case 'sync-failing':
      return {
        title: `${called} cannot be synced`,
        what: `Its last three syncs failed${incident.part ? ` (${incident.part})` : ''}. ${message ?? ''}`.trim(),
        meanwhile: 'What was synced before stays. What changed since is missing until a sync succeeds.',
        path: page,
        button: 'See why',
      };
    case 'silent':
      return {
        title: `${called} has fallen silent`,
        what: 'It used to report changes at once and has not for much longer than usual.',
        meanwhile: 'Syncs go on bringing what changed, only later.',
        path: page,
        button: 'Test the connection',
      };
    case 'webhook-failing':
      return {
        title: 'A webhook of your store is switched off',
        what: message ?? `${name} did not answer as it should for days.`,
        meanwhile: 'What happens now is not sent there. What could not be delivered can be sent again for 30 days.',
        path: `/notifications/webhooks/${about}`,
        button: 'See its deliveries',
      };
  }
}

function mending(reason: string | null, page: string): Pick<IncidentWords, 'meanwhile' | 'path' | 'button'> {
  if (reason === 'CONFIG_SCHEMA_INVALID') return { meanwhile: WAITS, path: `${page}/configure`, button: 'Mend its settings' };
  if (reason === 'INTEGRATION_NOT_ACTIVE') return { meanwhile: WAITS, path: page, button: 'See what happened' };
  return { meanwhile: WAITS, path: `${page}/reconnect`, button: 'Connect again' };
}
