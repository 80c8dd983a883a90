import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

const WHOLE_HUB = `${sep}tests${sep}`;

/** Whole hubs and browsers first, the longest of all tests: one that came last would have the other worker wait for it. */
export default class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isWholeHub), ...sorted.filter((test) => !isWholeHub(test))];
  }
}

function isWholeHub({ path, context }) {
  return path.startsWith(context.config.rootDir + WHOLE_HUB);
}
