import type { EntityClass } from './database/data-source.ts';
import { WebhookDedupeEntity, WebhookEventEntity, WebhookQueueEntity } from './inbox/event-entity.ts';
import { CredentialEntity } from './integrations/credential-entity.ts';
import { IntegrationEntity } from './integrations/integration-entity.ts';
import { OAuthRequestEntity } from './integrations/oauth-request-entity.ts';
import { TemplateEntity } from './plugins/template-entity.ts';
import { CheckpointEntity, SyncRunEntity, SyncSeenEntity } from './syncs/run-entity.ts';
import { ScheduleEntity } from './syncs/schedule-entity.ts';

/** The tables that are read by TypeORM's mapping; `tests/entity-drift.test.ts` holds them against the migrations. */
export const ENTITIES: readonly EntityClass[] = [
  TemplateEntity,
  IntegrationEntity,
  CredentialEntity,
  OAuthRequestEntity,
  SyncRunEntity,
  SyncSeenEntity,
  CheckpointEntity,
  ScheduleEntity,
  WebhookEventEntity,
  WebhookQueueEntity,
  WebhookDedupeEntity,
];
