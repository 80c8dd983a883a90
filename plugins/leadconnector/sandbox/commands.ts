import type { SandboxCommand } from 'patchbay';
import { accessCommands } from './access-commands.ts';
import { contactCommands } from './contact-commands.ts';
import { dealCommands } from './deal-commands.ts';
import type { Desk } from './desk.ts';
import { troubleCommands } from './trouble-commands.ts';

/** The buttons of the panel. */
export function commands(desk: Desk): Readonly<Record<string, SandboxCommand>> {
  return { ...contactCommands(desk), ...dealCommands(desk), ...accessCommands(desk), ...troubleCommands(desk) };
}
