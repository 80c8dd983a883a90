import { apiKeyCreateCommand } from './api-key-create.ts';
import type { Command } from './command.ts';
import { configCommand } from './config.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand } from './export.ts';
import { keysAddCommand } from './keys-add.ts';
import { keysRemoveCommand } from './keys-remove.ts';
import { keysRotateCommand } from './keys-rotate.ts';
import { keysStatusCommand } from './keys-status.ts';
import { mailTestCommand } from './mail-test.ts';
import { migrateCommand } from './migrate.ts';
import { pluginCheckCommand } from './plugin-check.ts';
import { pluginListCommand } from './plugin-list.ts';
import { pluginNewCommand } from './plugin-new.ts';
import { startCommand } from './start.ts';
import { storeDeleteCommand } from './store-delete.ts';
import { userCreateCommand } from './user-create.ts';
import { userPasswordCommand } from './user-password.ts';

const COMMANDS: readonly Command[] = [
  startCommand,
  migrateCommand,
  configCommand,
  doctorCommand,
  userCreateCommand,
  userPasswordCommand,
  apiKeyCreateCommand,
  mailTestCommand,
  keysStatusCommand,
  keysAddCommand,
  keysRotateCommand,
  keysRemoveCommand,
  exportCommand,
  storeDeleteCommand,
  pluginListCommand,
  pluginCheckCommand,
  pluginNewCommand,
];

/** The command that `argv` begins with, and the arguments that are left for it. */
export function findCommand(argv: readonly string[]): { command: Command; args: string[] } | undefined {
  for (const command of COMMANDS) {
    const words = command.name.split(' ');
    if (words.every((word, index) => argv[index] === word)) return { command, args: argv.slice(words.length) };
  }
  return undefined;
}

export function usage(command?: Command): string {
  if (command)
    return [`Usage: hub ${command.name}${command.usage && ' [options]'}`, `  ${command.summary}`, command.usage]
      .join('\n')
      .trim();
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'Usage: hub <command> [options]',
    '',
    ...lines,
    '',
    'hub <command> --help tells more. Settings are environment variables; see README.md.',
  ].join('\n');
}
