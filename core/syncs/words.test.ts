import { describe, expect, it } from '@jest/globals';
import { count, guarded, stopped, succeeded, withFailures } from './words.ts';

const counters = { seen: 3412, written: 12, deleted: 0, failed: 0, failures: [] };
const about = { title: 'Contacts', account: 'Blue Fitness', counters };

describe('what a run says of itself', () => {
  it('names failures, the first three with their reason', () => {
    const failures = ['a', 'b', 'c', 'd'].map((id) => ({ id, reason: 'no e-mail address' }));
    expect(withFailures({ ...about, counters: { ...counters, seen: 100, failed: 2, failures: failures.slice(0, 2) } })).toBe(
      'Synced 98 of 100 contacts from Blue Fitness; 2 failed: a (no e-mail address), b (no e-mail address).',
    );
    expect(withFailures({ ...about, counters: { ...counters, failed: 4, failures } })).toMatch(/c \(no e-mail address\), …\.$/);
  });

  it('tells why nothing was deleted', () => {
    expect(guarded(about, { missing: 1200, stored: 3000 })).toContain('Nothing was deleted: 1,200 of 3,000 contacts kept here');
  });

  it('keeps what was done before it stopped in sight', () => {
    expect(stopped('Acme is gone.', about)).toBe('Acme is gone. Stopped after 3,412 contacts; they are kept.');
    expect(stopped('Acme is gone.', { ...about, counters: { ...counters, seen: 0 } })).toBe('Acme is gone.');
  });

  it('counts what changed', () => {
    expect(succeeded(about)).toBe('Synced 3,412 contacts (12 changed) from Blue Fitness.');
    expect(succeeded({ ...about, counters: { ...counters, written: 0 } })).toBe(
      'Synced 3,412 contacts (none changed) from Blue Fitness.',
    );
    expect(succeeded({ ...about, counters: { ...counters, seen: 0, written: 0 } })).toBe('Synced 0 contacts from Blue Fitness.');
  });

  it.each([
    ['Contacts', '1 contact'],
    ['Opportunities', '1 opportunity'],
    ['Addresses', '1 address'],
    ['SMS messages', '1 SMS message'],
    ['Business', '1 business'],
  ])('speaks of one of %s as %s', (title, words) => {
    expect(count(1, title)).toBe(words);
  });
});
