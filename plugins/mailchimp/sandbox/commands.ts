import type { SandboxCommand } from 'patchbay';
import { accessCommands } from './access-commands.ts';
import { campaignCommands } from './campaign-commands.ts';
import type { Desk } from './desk.ts';
import { memberCommands } from './member-commands.ts';
import { troubleCommands } from './trouble-commands.ts';

export function commands(desk: Desk): Record<string, SandboxCommand> {
  return { ...memberCommands(desk), ...campaignCommands(desk), ...accessCommands(desk), ...troubleCommands(desk) };
}
