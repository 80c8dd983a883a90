import { appendFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A reporter of jest's that writes down each file as it ends, so that a run that was cut off leaves what it knew. */
export default class Progress {
  #root;

  constructor({ rootDir }) {
    this.#root = rootDir;
  }

  onTestFileResult({ path }, { testResults, testExecError, perfStats }) {
    const has = (wanted) => testResults.filter(({ status }) => status === wanted);
    const failed = has('failed');
    const line = {
      path: relative(this.#root, path),
      passed: has('passed').length,
      // A file that could not be run at all counts as one failed test.
      failed: testExecError ? Math.max(1, failed.length) : failed.length,
      what: failed.map(({ fullName }) => fullName),
      seconds: Math.round((perfStats.end - perfStats.start) / 1000),
    };
    appendFileSync(join(this.#root, 'results.jsonl'), `${JSON.stringify(line)}\n`);
  }
}
