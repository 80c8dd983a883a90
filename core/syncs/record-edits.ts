import type { Principal } from '../access/principal.ts';
import { labelOf } from '../integrations/integration.ts';
import type { Integration } from '../integrations/integration-store.ts';
import type { Integrations } from '../integrations/service.ts';
import type { Registry } from '../plugins/registry.ts';
import { canonicalJson } from '../records/canonical.ts';
import type { RecordScope, RecordStore, RecordView } from '../records/record-store.ts';
import { type Edit, NotFound, Rejected } from '../sdk/index.ts';

export interface RecordEditsOptions {
  readonly records: Pick<RecordStore, 'get'>;
  readonly integrations: Pick<Integrations, 'action'>;
  readonly registry: Pick<Registry, 'require'>;
}

export interface EditRequest {
  readonly integration: Integration;
  readonly stream: string;
  /** The provider's id of the record. */
  readonly id: string;
  /** The fields that change, by their names in `data`. */
  readonly change: Readonly<Record<string, unknown>>;
  /** The record's `cursor` when whoever changes it read it; default: as the hub has it. */
  readonly basedOn?: string | undefined;
  /** When it was changed; default: now. */
  readonly changedAt?: Date | undefined;
  readonly principal: Principal;
  /** The caller's `Idempotency-Key`. */
  readonly key?: string | undefined;
}

export interface Edited {
  /** As the provider has it now. */
  readonly record: RecordView;
  /** False where it was so already: nothing was sent. */
  readonly written: boolean;
}

/**
 * Changes records at their provider, by the actions their stream names. What the provider tells back of such a change, by
 * webhook or sync, is what the hub has by then, so nothing changes a second time.
 */
export class RecordEdits {
  readonly #parts: RecordEditsOptions;

  constructor(parts: RecordEditsOptions) {
    this.#parts = parts;
  }

  /**
   * @throws NotFound; Rejected for a stream that is read only (`FORBIDDEN`), for a record that was changed at the provider
   * meanwhile and wins by the integration's rule (`CONFLICT`: the hub has it as it is now), for fields that cannot be written
   * (with `fields`); and what the actions throw
   */
  async change(asked: EditRequest): Promise<Edited> {
    const { integration, stream, id, change } = asked;
    const edit = this.#editOf(integration, stream);
    const input = edit.input(id, change);
    const scope = { storeId: integration.storeId, integrationId: integration.id, stream };
    const known = await this.#record(scope, id);
    await this.#act(asked, edit.read, edit.input(id, {}));
    const current = await this.#record(scope, id);
    if (current.cursor !== (asked.basedOn ?? known.cursor)) decide(asked, current);
    if (isSo(current.data, change)) return { record: current, written: false };
    await this.#act(asked, edit.write, input);
    return { record: await this.#record(scope, id), written: true };
  }

  #editOf({ pluginId, method }: Integration, stream: string): Edit {
    const { handlers, manifest } = this.#parts.registry.require(pluginId).plugin;
    const known = handlers.streams ?? {};
    const found = Object.hasOwn(known, stream) ? known[stream] : undefined;
    if (!found) throw new NotFound(`${manifest.name} has no stream "${stream.slice(0, 60)}".`);
    const { edit, title, methods } = found;
    if (edit && (methods?.includes(method) ?? true)) return edit;
    throw new Rejected(`${title} of ${manifest.name} can be read here, not changed.`, { code: 'FORBIDDEN' });
  }

  async #record(scope: RecordScope, id: string): Promise<RecordView> {
    const record = await this.#parts.records.get(scope, id);
    if (record && !record.deletedAt) return record;
    throw new NotFound(`There is no record "${id.slice(0, 60)}" in ${scope.stream}.`);
  }

  async #act({ integration, principal, key }: EditRequest, action: string, input: unknown): Promise<void> {
    await this.#parts.integrations.action(integration.storeId, integration.id, { action, input, principal, key });
  }
}

/** @throws Rejected (`CONFLICT`) where the provider's change wins */
function decide({ integration, changedAt = new Date() }: EditRequest, current: RecordView): void {
  const theirs = current.sourceUpdatedAt ?? current.updatedAt;
  if (integration.conflictRule === 'newer' && changedAt > theirs) return;
  const rule = integration.conflictRule === 'newer' ? 'the newer change wins' : "the provider's change wins";
  throw new Rejected(
    `This record of ${labelOf(integration)} has changed meanwhile (${theirs.toISOString()}), and ${rule}: nothing was written. Read it again and decide anew.`,
    { code: 'CONFLICT' },
  );
}

function isSo(data: Readonly<Record<string, unknown>>, change: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(change).every(([name, value]) => canonicalJson(data[name] ?? null) === canonicalJson(value ?? null));
}
