#!/usr/bin/env node
// Counts jest's results, from the folder it ran in: `tally.js failed <json>` names the files that failed;
// `tally.js count <first> <second> <pass>` prints "<passed> <failed>", where the second attempt replaces the first, and then
// the files that passed in the second only, with what had failed in them.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [, , command, first, second, pass] = process.argv;
const before = filesIn(first);
if (command === 'failed') for (const file of before.values()) file.failed > 0 && console.log(file.path);
else count(filesIn(second));

function count(again) {
  const all = [...before.values()].map((file) => again.get(file.path) ?? file);
  console.log(sum(all, 'passed'), sum(all, 'failed'));
  for (const file of before.values()) {
    if (file.failed > 0 && again.get(file.path)?.failed === 0)
      console.log([`${file.path} (${pass})`, ...file.what].join('\n    '));
  }
}

function sum(files, what) {
  return files.reduce((total, file) => total + file[what], 0);
}

function filesIn(json) {
  if (!json || !existsSync(json)) return new Map();
  const { testResults } = JSON.parse(readFileSync(json, 'utf8'));
  return new Map(testResults.map((result) => [fileOf(result).path, fileOf(result)]));
}

/** A file that could not be run at all counts as one failed test. */
function fileOf({ name, status, assertionResults }) {
  const has = (wanted) => assertionResults.filter((test) => test.status === wanted);
  const failed = has('failed');
  return {
    path: relative(process.cwd(), name),
    passed: has('passed').length,
    failed: status === 'failed' ? Math.max(1, failed.length) : failed.length,
    what: failed.map((test) => test.fullName),
  };
}
