import type { SandboxCommand } from 'patchbay';
import { accessCommands } from './access-commands.ts';
import { dataCommands } from './data-commands.ts';
import type { Desk } from './desk.ts';
import { troubleCommands } from './trouble-commands.ts';

/** The buttons of the panel. */
export function commands(desk: Desk): Readonly<Record<string, SandboxCommand>> {
  return { ...dataCommands(desk), ...accessCommands(desk), ...troubleCommands(desk) };
}
