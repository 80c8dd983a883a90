#!/usr/bin/env node
// Counts what tests/support/jest/progress.js wrote down, from the folder the tests ran in. `tally.js failed <results>` names
// the files that failed; `tally.js unfinished <results>` those of the list on its input that did not come to their end;
// `tally.js slowest <results>` those that took longest. `tally.js count <first> <second> <pass>` prints "<passed> <failed>",
// where the second attempt replaces the first, and then the files that passed in the second only, with what had failed.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const SHOWN = 12;
const [, , command, first, second, pass] = process.argv;
const before = filesIn(first);
const all = [...before.values()];

if (command === 'failed') print(all.filter(({ failed }) => failed > 0).map(({ path }) => path));
if (command === 'unfinished') print(asked().filter((path) => !before.has(path)));
if (command === 'slowest') print(slowest().map(({ seconds, path }) => `${String(seconds).padStart(4)} s  ${path}`));
if (command === 'count') count(filesIn(second));

function count(again) {
  const last = all.map((file) => again.get(file.path) ?? file);
  console.log(sum(last, 'passed'), sum(last, 'failed'));
  for (const file of all) {
    if (file.failed > 0 && again.get(file.path)?.failed === 0)
      console.log([`${file.path} (${pass})`, ...file.what].join('\n    '));
  }
}

function sum(files, what) {
  return files.reduce((total, file) => total + file[what], 0);
}

function slowest() {
  return all.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
}

/** What `jest --listTests` says. */
function asked() {
  const lines = readFileSync(0, 'utf8').split('\n');
  return lines.filter((line) => line.endsWith('.test.ts')).map((line) => relative(process.cwd(), line));
}

function filesIn(results) {
  if (!results || !existsSync(results)) return new Map();
  const lines = readFileSync(results, 'utf8').split('\n').filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line)).map((file) => [file.path, file]));
}

function print(lines) {
  for (const line of lines) console.log(line);
}
