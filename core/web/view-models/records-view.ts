import type { ModelReading } from '../../integrations/model-reading.ts';
import type { Offer } from './barred-view.ts';
import { type ModelView, modelLabel, modelNote, modelView } from './model-view.ts';
import { type RecordFact, recordFacts, textOf } from './record-facts.ts';

export interface RecordsPage {
  readonly integration: { readonly name: string; readonly href: string };
  readonly streams: readonly {
    readonly name: string;
    readonly title: string;
    readonly href: string;
    readonly current: boolean;
  }[];
  readonly title: string;
  readonly records: readonly (RecordView & { readonly deeds: readonly Offer[] })[];
  /** What is looked for; empty: all. */
  readonly query: string;
  /** This page without a search. */
  readonly here: string;
  readonly nextHref: string | undefined;
  readonly firstHref: string | undefined;
}

export interface RecordView {
  readonly id: string;
  readonly label: string;
  readonly note: string | undefined;
  readonly updatedAt: Date;
  readonly deleted: boolean;
  readonly facts: readonly RecordFact[];
  /** In the shared shape of its stream. */
  readonly model: ModelView | undefined;
  /** Why it does not read so. */
  readonly modelProblem: string | undefined;
}

export interface RecordInput {
  readonly id: string;
  readonly data: Data;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
}

/** What a record is called, tried in this order. */
const NAMES = ['name', 'contactName', 'fullName', 'title', 'label', 'subject', 'body', 'email', 'phone'];
/** A message without a subject is called by how it begins. */
const LONGEST = 80;
const NOTES = ['email', 'phone', 'status', 'startTime', 'type'];

type Data = Readonly<Record<string, unknown>>;

/** `contact`: whom it is about, by name. */
export function recordView(
  record: RecordInput,
  { model, modelProblem }: Partial<ModelReading> = {},
  contact?: string,
): RecordView {
  const { data } = record;
  const label = nameOf(data) ?? (model ? modelLabel(model) : undefined) ?? record.id;
  return {
    id: record.id,
    label,
    note: noteOf(data, label, model && [contact, modelNote(model, label)]),
    updatedAt: record.updatedAt,
    deleted: record.deletedAt !== null,
    model: model ? modelView(model) : undefined,
    modelProblem,
    facts: recordFacts(data, model),
  };
}

function noteOf(data: Data, label: string, told: readonly (string | undefined)[] | null | undefined): string | undefined {
  const beside = [...(told ?? [])].filter(Boolean).join(' · ');
  return beside || NOTES.map((key) => textOf(data[key])).find((text) => text && text !== label);
}

function nameOf(data: Data): string | undefined {
  const parts = [data['firstName'], data['lastName']].filter((part) => typeof part === 'string' && part.trim());
  return parts.length > 0 ? parts.join(' ') : cut(NAMES.map((key) => textOf(data[key])).find(Boolean));
}

function cut(text: string | undefined): string | undefined {
  const letters = [...(text ?? '')];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : text;
}
