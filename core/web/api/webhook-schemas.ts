import { ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsString, MaxLength } from 'class-validator';
import { EVENT_KINDS, type EventKind } from '../../notices/occurrence-store.ts';
import { IfGiven, IfNotNull, Says } from '../http/dto.ts';
import { bool, extended, listOf, moment, named, object, oneOfTexts, orNull, text, url, uuid, whole } from './schema.ts';

export class NewWebhook {
  @Says('Begins with https://.')
  @IsString()
  @MaxLength(2000)
  url!: string;

  @Says('What is sent there.')
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(EVENT_KINDS, { each: true })
  events!: EventKind[];

  @IfGiven()
  @IsString()
  @MaxLength(200)
  description?: string;
}

export class WebhookChange {
  @IfGiven()
  @IsString()
  @MaxLength(2000)
  url?: string;

  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(EVENT_KINDS, { each: true })
  events?: EventKind[];

  @IfNotNull()
  @IsString()
  @MaxLength(200)
  description?: string | null;

  @Says('Switched on again it begins anew: what could not be delivered is sent again by `replay` only.')
  @IfGiven()
  @IsBoolean()
  enabled?: boolean;
}

export const WEBHOOK = named(
  'Webhook',
  object({
    id: uuid,
    url,
    events: listOf(oneOfTexts(EVENT_KINDS)),
    description: orNull(text),
    enabled: bool,
    problem: { ...orNull(text), description: 'How its last delivery failed, or why it is switched off.' },
    failingSince: orNull(moment),
    formerSecretUntil: { ...orNull(moment), description: 'Until then calls are signed with the secret before as well.' },
    createdAt: moment,
  }),
);

export const WITH_SECRET = named(
  'WebhookWithSecret',
  extended(WEBHOOK, { secret: { ...text, description: 'Shown this once: `whsec_` and base64, as Standard Webhooks has it.' } }),
);

export const DELIVERY = named(
  'WebhookDelivery',
  object({
    id: { ...uuid, description: 'The `webhook-id` of the call; the same for every attempt.' },
    event: text,
    status: oneOfTexts(['queued', 'delivered', 'failed']),
    attempts: whole,
    statusCode: { ...orNull(whole), description: 'What was answered last.' },
    reason: orNull(text),
    createdAt: moment,
    nextTryAt: orNull(moment),
    endedAt: orNull(moment),
  }),
);
