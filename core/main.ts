import { type Command, type Io, UsageError } from './cli/command.ts';
import { findCommand, usage } from './cli/commands.ts';
import { processIo } from './cli/io.ts';
import { ConfigError } from './config.ts';
import { isDatabaseAway } from './database/transaction.ts';

/** As in sysexits.h: something in the configuration is wrong. */
const EX_CONFIG = 78;

/**
 * Runs one command of the hub's command line.
 * @returns its exit code: 0 done, 1 failed, 2 wrong usage, 78 wrong settings
 */
export async function main(argv: readonly string[], io: Io = processIo): Promise<number> {
  if (argv.length === 0 || ['help', '--help', '-h'].includes(argv[0] ?? '')) {
    io.out(usage());
    return argv.length === 0 ? 2 : 0;
  }
  const found = findCommand(argv);
  if (!found) {
    io.err(`There is no command "${argv.join(' ')}".\n\n${usage()}`);
    return 2;
  }
  if (found.args.some((arg) => arg === '--help' || arg === '-h')) {
    io.out(usage(found.command));
    return 0;
  }
  return found.command.run(found.args, io).catch((error: unknown) => explain(error, found.command, io));
}

/** Sentences, not stacks: what is wrong is nearly always outside the program. */
function explain(error: unknown, command: Command, io: Io): number {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError) {
    io.err(`${message}\n\n${usage(command)}`);
    return 2;
  }
  if (error instanceof ConfigError) {
    io.err(message);
    return EX_CONFIG;
  }
  io.err(isDatabaseAway(error) ? `The database cannot be reached (${message}); check DATABASE_URL and that it runs.` : message);
  return 1;
}
