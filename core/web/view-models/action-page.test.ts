import { describe, expect, it } from '@jest/globals';
import type { Form } from '../../sdk/index.ts';
import { recordFields } from './action-page.ts';

describe('the fields of an action that take something of a record', () => {
  it('are those that name a stream: its records’ ids, or one part of their data', () => {
    const form = {
      type: 'object',
      properties: {
        contactId: { type: 'string', title: 'Contact', 'x-record': 'contacts' },
        email: { type: 'string', title: 'Email', 'x-record': 'members.email' },
        note: { type: 'string', title: 'Note' },
        often: { type: 'number', title: 'How often' },
      },
    } as const satisfies Form;
    expect(recordFields(form)).toEqual([
      { name: 'contactId', stream: 'contacts', part: undefined },
      { name: 'email', stream: 'members', part: 'email' },
    ]);
    expect(recordFields(undefined)).toEqual([]);
  });
});
