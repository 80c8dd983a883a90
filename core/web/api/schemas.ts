import { SCOPES } from '../../access/principal.ts';
import { CATEGORIES } from '../../sdk/index.ts';
import {
  anything,
  bool,
  listOf,
  mapOf,
  moment,
  named,
  object,
  oneOfTexts,
  orNull,
  share,
  text,
  url,
  uuid,
  whole,
} from './schema.ts';

export const AUTHORIZE = object({ authorizeUrl: { ...text, description: 'Send the person’s browser there.' } });

export const STATUS = ['pending', 'active', 'error', 'disconnected'] as const;
export const RUN_STATUS = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
export const EVENT_STATE = ['pending', 'handled', 'parked', 'dead'] as const;
export const CARD_STATE = [
  'coming-soon',
  'connect',
  'connecting',
  'connected',
  'degraded',
  'paused',
  'needs-attention',
  'disconnected',
  'unavailable',
] as const;

/** The words are those of every page. */
const STATE_SAYS =
  'As pages show it: `connecting`, `connected`, `degraded` (works in part), `paused`, `needs-attention`, `disconnected`, `unavailable` (its plugin is).';

const optionalMoment = orNull(moment);
const optionalText = orNull(text);

export const STORE = named('Store', object({ id: uuid, slug: text, name: text, role: oneOfTexts(['owner', 'staff']) }, ['role']));

export const ACCOUNT = object({ externalId: text, label: text, mode: optionalText });

const INTEGRATION_FIELDS = {
  id: uuid,
  plugin: { ...text, description: 'Its folder’s name.' },
  name: text,
  description: optionalText,
  status: oneOfTexts(STATUS),
  enabled: { ...bool, description: 'False: paused.' },
  state: { ...oneOfTexts(CARD_STATE), description: STATE_SAYS },
  reason: orNull(object({ code: optionalText, message: optionalText })),
  method: oneOfTexts(['oauth', 'manual']),
  account: orNull(ACCOUNT),
  config: { ...anything, description: 'Its settings; secret ones are masked.' },
  counts: { ...mapOf(whole), description: 'Stream → how many the provider said it holds.' },
  conflictRule: {
    ...text,
    enum: ['provider', 'newer'],
    description: 'Whose change stays where a record was changed here and there.',
  },
  sandbox: bool,
  webhookUrl: orNull(url),
  webhookProblem: optionalText,
  connectedAt: optionalMoment,
  lastTestedAt: optionalMoment,
  lastSyncedAt: optionalMoment,
  lastEventAt: optionalMoment,
  createdAt: moment,
  updatedAt: moment,
};

export const INTEGRATION = named('Integration', object(INTEGRATION_FIELDS));
export const WHOLE_INTEGRATION = named(
  'IntegrationWithRecords',
  object({ ...INTEGRATION_FIELDS, records: { ...mapOf(whole), description: 'Stream → how many are here.' } }),
);
const TEST_RESULT = object({ message: text, counts: mapOf(whole) }, ['counts']);
export const CONNECTED = named('ConnectedIntegration', object({ ...INTEGRATION_FIELDS, test: TEST_RESULT }));
export const ADMIN_INTEGRATION = named('AdminIntegration', object({ ...INTEGRATION_FIELDS, store: orNull(STORE) }));
export const WHOLE_ADMIN_INTEGRATION = named(
  'AdminIntegrationWithRecords',
  object({ ...INTEGRATION_FIELDS, store: orNull(STORE), records: mapOf(whole) }),
);

const CATEGORY = oneOfTexts(CATEGORIES);

export const TEMPLATE = named(
  'Template',
  object(
    {
      id: text,
      name: text,
      summary: text,
      category: CATEGORY,
      state: oneOfTexts(CARD_STATE),
      comingSoon: bool,
      docs: orNull(url),
      methods: listOf(
        object({ method: oneOfTexts(['oauth', 'manual']), title: text, fields: anything, scopes: listOf(anything) }, [
          'fields',
          'scopes',
        ]),
      ),
      config: orNull({ ...anything, description: 'The form of its settings, as JSON Schema.' }),
      streams: { ...mapOf(text), description: 'Stream → title.' },
      actions: { ...mapOf(text), description: 'Action → title.' },
      active: bool,
      error: optionalText,
      integrations: listOf(INTEGRATION),
    },
    ['active', 'error'],
  ),
);

/** ADR 18. */
export const OLDER = {
  ...whole,
  description:
    'Left as they were, as something newer stood there: dated later by the provider or, where its dates do not decide, from a reading that began later.',
};

export const RUN = named(
  'Run',
  object({
    id: uuid,
    integration: uuid,
    stream: text,
    trigger: text,
    mode: oneOfTexts(['incremental', 'full']),
    status: oneOfTexts(RUN_STATUS),
    requestedBy: optionalText,
    pages: whole,
    total: orNull(whole),
    seen: whole,
    written: whole,
    unchanged: whole,
    deleted: whole,
    older: OLDER,
    heldBack: whole,
    allowDeletions: bool,
    failed: whole,
    held: orNull(whole),
    failures: listOf(object({ id: text, reason: text })),
    notes: listOf(text),
    errorCode: optionalText,
    message: optionalText,
    attempts: whole,
    cancelRequestedAt: optionalMoment,
    queuedAt: moment,
    startedAt: optionalMoment,
    finishedAt: optionalMoment,
    seconds: orNull({ ...share, type: 'number' }),
  }),
);

export const API_KEY = named(
  'ApiKey',
  object({
    id: uuid,
    name: text,
    prefix: text,
    scopes: listOf(oneOfTexts(SCOPES)),
    createdAt: moment,
    lastUsedAt: optionalMoment,
    revokedAt: optionalMoment,
    email: text,
  }),
);
