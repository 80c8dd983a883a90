import type { Raw } from 'patchbay';
import { Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import type { Hooks } from './hooks.ts';
import type { World } from './world.ts';

const STATUSES = ['open', 'won', 'lost', 'abandoned'];

/** Creates and changes opportunities, with the webhooks that follow. */
export class Opportunities {
  readonly #world: World;
  readonly #hooks: Hooks;

  constructor(world: World, hooks: Hooks) {
    this.#world = world;
    this.#hooks = hooks;
  }

  create(locationId: string, given: Raw, now: string): Doc {
    const stages = this.#stages(locationId, given['pipelineId']);
    const stage = given['pipelineStageId'] ?? stages[0]?.id;
    if (!stages.some(({ id }) => id === stage)) throw new Refusal(400, `Pipeline stage with id ${String(stage)} not found`);
    if (this.#world.get('contacts', String(given['contactId']))?.locationId !== locationId) {
      throw new Refusal(400, `Contact with id ${String(given['contactId'])} not found`);
    }
    checkStatus(given['status']);
    const doc = this.#world.put('opportunities', {
      monetaryValue: 0,
      source: 'public api',
      ...given,
      customFields: fieldValues(given['customFields']),
      id: this.#world.newId(),
      locationId,
      pipelineStageId: stage,
      createdAt: now,
      updatedAt: now,
      lastStatusChangeAt: now,
      lastStageChangeAt: now,
    });
    this.#hooks.emit(locationId, 'OpportunityCreate', told(doc));
    return doc;
  }

  update(before: Doc, given: Raw, now: string): Doc {
    if (given['status'] !== undefined) checkStatus(given['status']);
    if (given['pipelineId'] !== undefined) this.#stages(before.locationId, given['pipelineId']);
    const fields = given['customFields'] === undefined ? {} : { customFields: fieldValues(given['customFields']) };
    const doc = this.#world.put('opportunities', {
      ...before,
      ...given,
      ...fields,
      ...touched(before, given, now),
      updatedAt: now,
    });
    this.#hooks.emit(doc.locationId, 'OpportunityUpdate', told(doc));
    if (doc['status'] !== before['status']) this.#hooks.emit(doc.locationId, 'OpportunityStatusUpdate', told(doc));
    if (doc['pipelineStageId'] !== before['pipelineStageId'])
      this.#hooks.emit(doc.locationId, 'OpportunityStageUpdate', told(doc));
    return doc;
  }

  remove(doc: Doc): void {
    this.#world.remove('opportunities', doc.id);
    this.#hooks.emit(doc.locationId, 'OpportunityDelete', told(doc));
  }

  /** As answers show it: with a part of its contact. */
  shown(doc: Doc): object {
    const known: Partial<Doc> = this.#world.get('contacts', String(doc['contactId'])) ?? {};
    const contact = Object.fromEntries(
      ['id', 'name', 'email', 'phone', 'companyName', 'tags'].map((name) => [name, known[name]]),
    );
    return { ...doc, contact, followers: [], notes: [], tasks: [], calendarEvents: [] };
  }

  #stages(locationId: string, pipelineId: unknown): readonly { id: string }[] {
    const pipeline = this.#world.furniture(locationId).pipelines.find(({ id }) => id === pipelineId);
    if (!pipeline) throw new Refusal(400, `Pipeline with id ${String(pipelineId)} not found`);
    return pipeline['stages'] as { id: string }[];
  }
}

function checkStatus(status: unknown): void {
  if (!STATUSES.includes(String(status))) {
    throw new Refusal(422, [`status must be one of the following values: ${STATUSES.join(', ')}`]);
  }
}

function touched(before: Doc, given: Raw, now: string): Raw {
  return {
    ...(given['status'] !== undefined && given['status'] !== before['status'] && { lastStatusChangeAt: now }),
    ...(given['pipelineStageId'] !== undefined &&
      given['pipelineStageId'] !== before['pipelineStageId'] && { lastStageChangeAt: now }),
  };
}

/** Written as `field_value`, read as `fieldValue`. */
function fieldValues(fields: unknown): { id: unknown; fieldValue: unknown }[] {
  return Array.isArray(fields) ? fields.map(({ id, field_value }) => ({ id, fieldValue: field_value })) : [];
}

function told(doc: Doc): object {
  const { locationId: _, updatedAt: __, createdAt, lastStageChangeAt: ___, lastStatusChangeAt: ____, ...rest } = doc;
  return { ...rest, dateAdded: createdAt };
}
