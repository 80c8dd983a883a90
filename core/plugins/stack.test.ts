import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const run = promisify(execFile);

// In a process of its own: jest maps stacks itself and would hide what Node does.
it("shows the author's own file and line in a stack trace, also once memory was collected", async () => {
  const script = `
    import { discover } from './discover.ts';
    import { loadFolder } from './load.ts';
    process.setSourceMapsEnabled(true);
    const [folder] = await discover(['__fixtures__/good']);
    globalThis.loaded = await loadFolder(folder);
    // What is young survives the first.
    for (const kind of ['minor', 'major', 'major']) gc({ type: kind });
    try {
      for await (const page of loaded.plugin.handlers.streams.things.sync({}, null)) console.log(page);
    } catch (error) {
      console.log(error.stack);
    }`;
  const { stdout } = await run(process.execPath, ['--no-warnings', '--expose-gc', '--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
  });
  expect(stdout).toContain('TypeError');
  expect(stdout).toContain(join(import.meta.dirname, '__fixtures__/good/acme/things.ts:10:'));
});
