import { IsInt, IsString, Length, Max, Min } from 'class-validator';
import { BOUNDS, type RetentionKind } from '../../privacy/retention-store.ts';
import { IfGiven, Says } from '../http/dto.ts';
import { bool, listOf, mapOf, moment, named, object, oneOfTexts, orNull, text, uuid, whole } from './schema.ts';

function Days(kind: RetentionKind, says: string): PropertyDecorator {
  return (target, property) => {
    Says(says)(target, property);
    IfGiven()(target, property);
    IsInt()(target, property as string);
    Min(BOUNDS[kind].least)(target, property as string);
    Max(BOUNDS[kind].most)(target, property as string);
  };
}

export class RetentionBody {
  @Days('messages', 'Received messages that need nothing any more.')
  messages?: number;

  @Days('runs', 'Ended runs; the last of each stream, and its last success, stay.')
  runs?: number;

  @Days('deletedRecords', 'What was deleted at the provider, and is kept only to say so.')
  deletedRecords?: number;

  @Days('endedRecords', 'Records of integrations that were disconnected.')
  endedRecords?: number;

  @Days('auditEntries', 'Entries of the audit log.')
  auditEntries?: number;
}

export class DeletionBody {
  @Says('The short name of the store, once more.')
  @IsString()
  @Length(1, 63)
  slug!: string;
}

const days = (kind: RetentionKind) => ({ ...whole, minimum: BOUNDS[kind].least, maximum: BOUNDS[kind].most });
export const RETENTION = named(
  'Retention',
  object({
    messages: days('messages'),
    runs: days('runs'),
    deletedRecords: days('deletedRecords'),
    endedRecords: days('endedRecords'),
    auditEntries: days('auditEntries'),
  }),
);

export const EXPORT = named(
  'StoreExport',
  object({
    id: uuid,
    requestedBy: text,
    status: oneOfTexts(['queued', 'running', 'done', 'failed', 'cancelled']),
    kind: { ...orNull(text), description: 'The file being written.' },
    rows: whole,
    rowsInAll: orNull(whole),
    bytes: { ...whole, description: 'Of the archive so far.' },
    sha256: { ...orNull(text), description: 'Of the archive.' },
    message: orNull(text),
    createdAt: moment,
    finishedAt: orNull(moment),
    expiresAt: { ...orNull(moment), description: 'The archive is gone then.' },
  }),
);

export const DELETION = named(
  'StoreDeletion',
  object({
    id: uuid,
    store: object({ id: uuid, slug: text, name: text }),
    requestedBy: text,
    requestedAt: moment,
    finishedAt: orNull(moment),
    status: oneOfTexts(['queued', 'running', 'done']),
    integrations: listOf(object({ integration: text, plugin: text, says: text })),
    removed: { ...mapOf(whole), description: 'Table → rows.' },
    proof: { ...orNull(text), description: 'JSON, as it was signed.' },
    sha256: { ...orNull(text), description: 'Of `proof`.' },
    proven: {
      ...orNull(bool),
      description: 'Whether `proof` is as this hub signed it; null while there is none, or its key is gone.',
    },
  }),
);
