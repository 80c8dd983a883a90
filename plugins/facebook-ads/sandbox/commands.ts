import type { SandboxCommand } from 'patchbay';
import { accessCommands } from './access-commands.ts';
import { adCommands } from './ad-commands.ts';
import type { Desk } from './desk.ts';
import { leadCommands } from './lead-commands.ts';
import { troubleCommands } from './trouble-commands.ts';

/** The buttons of the panel. */
export function commands(desk: Desk): Readonly<Record<string, SandboxCommand>> {
  return { ...leadCommands(desk), ...adCommands(desk), ...accessCommands(desk), ...troubleCommands(desk) };
}
