import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { act, dataOf, newRig, type Rig, recordsIn } from './test-rig.ts';
import { bodies, order, refusal } from './test-sending.ts';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
});

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

describe('user data', () => {
  const person = {
    email: ' Ada.Box+shop@Gmail.com ',
    phone: '+1 (555) 123-4567',
    firstName: ' Ada ',
    lastName: 'BOX',
    street: '1 High St',
    city: 'Austin',
    country: 'US',
  };

  it('is not sent unless the settings allow it', async () => {
    const error = await refusal(rig, 'sendPurchase', { ...order, userId: '42', email: 'a@b.example' });
    expect(error).toMatchObject({ code: 'FORBIDDEN', fields: [{ pointer: '/email' }] });
  });

  it('needs a user ID, and an address and number that are some', async () => {
    const ctx = rig.ctx({ config: { sendUserData: true } });
    const error = await refusal(rig, 'sendPurchase', { ...order, email: 'ada', phone: '555' }, ctx);
    expect(error.fields?.map(({ pointer }) => pointer)).toEqual(['/userId', '/email', '/phone']);
  });

  it('leaves as fingerprints made as documented, and is not kept here', async () => {
    const ctx = rig.ctx({ config: { sendUserData: true } });
    const { effects } = await act(ctx, 'sendPurchase', { ...order, userId: '42', ...person });
    expect(bodies(rig)[0].user_data).toEqual({
      sha256_email_address: [hash('adabox@gmail.com')],
      sha256_phone_number: [hash('+15551234567')],
      address: [
        {
          sha256_first_name: hash('ada'),
          sha256_last_name: hash('box'),
          sha256_street: hash('1 high st'),
          city: 'Austin',
          country: 'US',
        },
      ],
    });
    expect(JSON.stringify(bodies(rig))).not.toMatch(/gmail|555|Ada/i);
    expect(JSON.stringify(dataOf(recordsIn(effects)[0]))).not.toMatch(/gmail|42|Ada/i);
  });

  it('keeps the dots of other mailboxes', async () => {
    await act(rig.ctx({ config: { sendUserData: true } }), 'sendPurchase', {
      ...order,
      userId: '42',
      email: 'Ada.Box+x@Example.com',
    });
    expect(bodies(rig)[0].user_data.sha256_email_address).toEqual([hash('ada.box+x@example.com')]);
  });
});
