import { type ActionCall, type ActionResult, type FieldFault, hubError, type Item, Rejected } from 'patchbay';
import { notAmongThose } from './barred.ts';
import { assertNone } from './event-rules.ts';
import type { Context } from './manifest.ts';
import { type Batch, type Beside, batches, type Sent, sizeFaults } from './payload.ts';
import { collect, type Keys, sendingKeys, validate } from './sending.ts';

/** Events ready to go. */
export interface Outbox {
  readonly events: readonly Sent[];
  readonly beside: Beside;
  readonly checkOnly: boolean;
  /** What was found wrong so far. */
  readonly faults: readonly FieldFault[];
  /** Where an event stands in the caller's input. */
  at(index: number): string;
}

const UNKNOWABLE =
  'Google takes events without saying whether it counts them. Reports > Realtime in Google Analytics shows them within a minute, or the API secret is wrong.';

/**
 * Checks the events here, then sends them in as few bodies as may be.
 * @throws Rejected naming every field Google would drop something for; nothing is sent then
 */
export async function dispatch(ctx: Context, outbox: Outbox, call: ActionCall): Promise<ActionResult> {
  assertAllowed(ctx, outbox);
  assertNone(outbox.faults);
  const made = batches(outbox.events, outbox.beside);
  assertNone(sizeFaults(made, outbox.at));
  const keys = await sendingKeys(ctx);
  const region = ctx.config.endpointRegion ?? 'global';
  if (outbox.checkOnly) return checked(ctx, { made, keys, region });
  const { sent, unsent } = await sendAll(ctx, { made, keys, region, outbox });
  const items = sent.map((index) => recordOf(outbox.events[index] as Sent, `${call.id}/${index}`));
  return {
    data: {
      sent: sent.length,
      requests: made.length,
      to: keys?.measurement_id ?? ctx.account.externalId,
      note: UNKNOWABLE,
      ...(unsent.length > 0 && { unsent }),
    },
    effects: [{ kind: 'records', stream: 'sentEvents', items }],
  };
}

function assertAllowed(ctx: Context, { events, at }: Outbox): void {
  for (const [index, { event }] of events.entries()) {
    const message = notAmongThose(ctx, event.name)?.text;
    if (message) throw new Rejected(message, { code: 'FORBIDDEN', fields: [{ pointer: at(index), message }] });
  }
}

interface Sending {
  readonly made: readonly Batch[];
  readonly keys: Keys;
  readonly region: 'global' | 'eu';
}

async function checked({ http }: Context, { made, keys, region }: Sending): Promise<ActionResult> {
  const problems = [];
  for (const { payload } of made) problems.push(...(await validate(http, { region, keys, payload })));
  const note = 'Nothing was recorded. Google does not check the API secret here.';
  return { data: { valid: problems.length === 0, problems, note } };
}

/** What follows a failure is not sent. Said to the caller, who else would send the first part twice. */
async function sendAll(
  { http }: Context,
  { made, keys, region, outbox }: Sending & { outbox: Outbox },
): Promise<{ sent: number[]; unsent: { index: number; reason: string }[] }> {
  const sent: number[] = [];
  for (const [position, { payload, indexes }] of made.entries()) {
    // Google counts an order number once, and any other event each time it comes.
    const idempotent = indexes.every((index) => outbox.events[index]?.event.name === 'purchase');
    try {
      await collect(http, { region, keys, payload, idempotent });
      sent.push(...indexes);
    } catch (error) {
      const known = hubError(error);
      if (!known || position === 0) throw error;
      const rest = made.slice(position).flatMap((batch) => batch.indexes);
      return { sent, unsent: rest.map((index) => ({ index, reason: known.message })) };
    }
  }
  return { sent, unsent: [] };
}

/** What is kept of an event here: nothing about the person. */
function recordOf({ event, visitor }: Sent, id: string): Item {
  const { transaction_id: transactionId, value, currency, items } = event.params;
  const sentAt = new Date().toISOString();
  const happenedAt = visitor.timestampMicros === undefined ? sentAt : new Date(visitor.timestampMicros / 1000).toISOString();
  return {
    id,
    data: {
      name: event.name,
      clientId: visitor.clientId,
      ...(transactionId !== undefined && { transactionId }),
      ...(value !== undefined && { value }),
      ...(currency !== undefined && { currency }),
      ...(Array.isArray(items) && { items: items.length }),
      happenedAt,
      sentAt,
    },
  };
}
