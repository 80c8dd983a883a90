import type { SandboxCommand } from 'patchbay';
import { accessCommands } from './access-commands.ts';
import { billingCommands } from './billing-commands.ts';
import type { Desk } from './desk.ts';
import { moneyCommands } from './money-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { troubleCommands } from './trouble-commands.ts';
import { webhookCommands } from './webhook-commands.ts';

/** The buttons of the panel. */
export function commands(desk: Desk): Readonly<Record<string, SandboxCommand>> {
  return {
    ...moneyCommands(desk),
    ...billingCommands(desk),
    ...peopleCommands(desk),
    ...webhookCommands(desk),
    ...accessCommands(desk),
    ...troubleCommands(desk),
  };
}
