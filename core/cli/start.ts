import { checkFolders } from '../config-folders.ts';
import { type Command, type Io, options } from './command.ts';
import { giveBackWhenIdle } from './idle-memory.ts';

/** Longest wait for requests and jobs under way when the hub is told to stop. */
const DRAIN_MS = 10_000;

export const startCommand: Command = {
  name: 'start',
  summary: 'run the hub',
  usage: '',
  async run(args, io) {
    options(args, {});
    const config = io.readConfig();
    checkFolders(config);
    // Only this command needs the whole hub in memory.
    const { createApp } = await import('../app.ts');
    const { StrayErrors } = await import('../plugins/stray.ts');
    // Only what is loaded after this, the plugins: their authors' files and lines, at no cost to our own errors.
    process.setSourceMapsEnabled(true);
    const strays = new StrayErrors();
    // From here on: a signal during the start ends it as soon as it can be ended in order.
    const told = untilTold();
    const app = await createApp(config, undefined, { strays });
    try {
      await app.listen();
    } catch (error) {
      await app.close();
      throw inWords(error, config);
    }
    giveBackWhenIdle();
    io.out(`Patchbay listens on ${app.url}`);
    if (app.setupUrl) io.out(`Set it up here, once: ${app.setupUrl}`);
    const broken = await Promise.race([told.then(() => false), strays.fatal.then(() => true)]);
    return broken ? Math.max(1, await close(app, io)) : close(app, io);
  },
};

function untilTold(): Promise<void> {
  return new Promise((told) => {
    // Kept for good: a terminal and the process before us may send the same signal twice, which must not kill the drain.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => told());
  });
}

async function close(app: { close(): Promise<void> }, io: Io): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((done) => {
    timer = setTimeout(done, DRAIN_MS, 'late');
  });
  const ended = await Promise.race([app.close(), late]);
  clearTimeout(timer);
  if (ended !== 'late') return 0;
  io.err(
    `What was under way did not end within ${DRAIN_MS / 1000} s and is given up; jobs are taken up again at the next start.`,
  );
  return 1;
}

function inWords(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new Error(`Port ${port} on ${host} is taken; stop what uses it, or set PORT to another.`);
  if (code === 'EACCES') return new Error(`Port ${port} needs rights this user lacks; set PORT to 1024 or above.`);
  if (code === 'EADDRNOTAVAIL') return new Error(`This machine has no address ${host}; set HOST to one it has.`);
  return error;
}
