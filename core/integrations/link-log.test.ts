import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '../log.ts';
import { LinkLog } from './link-log.ts';

let lines: string[] = [];
let log: LinkLog;
beforeEach(() => {
  lines = [];
  log = new LinkLog(createLog('debug', { write: (line: string) => lines.push(line) }));
});

describe('the log of a plugin', () => {
  it('shows no secret, wherever in a line it is', () => {
    log.hide(['swordfish']);
    log.info({ url: 'https://x.test/?key=swordfish', deep: [{ error: new Error('no swordfish') }] }, 'asked with swordfish');
    expect(lines.join('')).not.toContain('swordfish');
    expect(lines.join('')).toContain('asked with [redacted]');
  });

  it('leaves ordinary words alone that happen to be a setting', () => {
    log.hide(['eu']);
    log.warn({}, 'the neutral zone');
    expect(lines.join('')).toContain('the neutral zone');
  });

  it('forgets what went out long ago, and never what was opened', () => {
    log.hide(['swordfish']);
    log.hideLately(['swordfish', ...Array.from({ length: 150 }, (_, at) => `proof-${at}-0123`)]);
    log.debug({}, 'proof-149-0123 proof-50-0123 swordfish');
    log.debug({}, 'proof-3-0123');
    expect(lines[0]).toContain('[redacted] [redacted] [redacted]');
    expect(lines[1]).toContain('proof-3-0123');
  });
});
