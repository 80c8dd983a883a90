import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { ADMIN, call, type Hub, startHub } from './support/hub.ts';
import { addStoreOwner, type Browser, post, signIn } from './support/people.ts';

let hub: Hub;
let owner: Browser;
let page: string;

beforeAll(async () => {
  hub = await startHub();
  const { credentials: fields } = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body;
  const connected = await hub.api('POST', '/api/stores/default/integrations/leadconnector/connect', { method: 'manual', fields });
  page = `/integrations/leadconnector/${connected.body.id}`;
  owner = await signIn(hub, ADMIN);
});
afterAll(() => hub?.close());

const form = (action: string) => `${page}/actions/${action}`;
// The token is the page's: each look at a form asks for its choices, and all tests share one rate budget.
const submit = (action: string, fields: object = {}) => post(owner, page, form(action), fields);

/** Does it. @returns where its outcome is shown */
async function done(action: string, fields: object): Promise<string> {
  const { status, headers, text } = await submit(action, fields);
  expect([status, status === 303 ? '' : text]).toEqual([303, '']);
  return String(headers['location']);
}

async function simulated(): Promise<number> {
  return (await call('GET', `${hub.url}/sandbox/leadconnector`)).body.facts['Blue Fitness: contacts'];
}

function kept(firstName: string) {
  return hub.rows<{ id: string; data: Record<string, unknown> }>(
    "select external_id as id, data from records where stream = 'contacts' and data->>'firstName' = $1",
    [firstName],
  );
}

/** The key in a form that is shown. */
async function wish(action: string): Promise<string> {
  return /name="_key" value="([^"]+)"/.exec((await owner.get(form(action))).text)?.[1] ?? '';
}

function choicesOf(html: string, field: string): string[] {
  const [, list = ''] = new RegExp(`<select id="action-${field}".*?>(.*?)</select>`, 's').exec(html) ?? [];
  return [...list.matchAll(/<option value="([^"]+)"/g)].map(([, value = '']) => value);
}

describe('what an owner wants done by hand', () => {
  it('is not done without the token of the page', async () => {
    const answer = await owner.post(form('createContact')).type('form').send({ firstName: 'Forged' });
    expect(answer.status).toBe(403);
    expect(await kept('Forged')).toEqual([]);
  });

  it('is neither offered to nor done for staff', async () => {
    const person = await addStoreOwner(hub, 'staff@example.com');
    await hub.rows("update memberships set role = 'staff' where user_id = (select id from users where email = $1)", [
      person.email,
    ]);
    const staff = await signIn(hub, person);
    expect((await staff.get(form('createContact'))).status).toBe(403);
    expect((await post(staff, page, form('createContact'), { firstName: 'Staff' })).status).toBe(403);
    expect((await staff.get(page)).text).not.toContain('What you can do');
    expect(await kept('Staff')).toEqual([]);
  });

  it.each(['nothing', 'constructor', '__proto__'])('is not found where the plugin has no action "%s"', async (action) => {
    expect((await owner.get(form(action))).status).toBe(404);
    expect((await post(owner, page, form(action))).status).toBe(404);
  });

  it('is refused beside the field at fault, and everything typed is kept', async () => {
    const before = await simulated();
    const answer = await submit('createContact', { firstName: 'Ada', country: 'usa', customFields: 'one\ntwo', dnd: 'true' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Please look at the marked fields. Nothing was done.');
    expect(answer.text).toMatch(/id="action-country-error">.*Two capital letters, such as US\./s);
    expect(answer.text).toContain('value="Ada"');
    expect(answer.text).toContain('value="usa"');
    expect(answer.text).toContain('one\ntwo</textarea>');
    expect(answer.text).toMatch(/value="true" checked><span>Yes/);
    expect(await simulated()).toBe(before);
  });

  it('is offered the choices that go with what is filled in so far, before anything is done', async () => {
    const { text } = await owner.get(form('createOpportunity'));
    const pipelines = choicesOf(text, 'pipelineId');
    expect(pipelines).toHaveLength(2);
    const stages = pipelines.map(async (pipelineId) => {
      const fields = { _again: '1', name: 'A big deal', pipelineId };
      const again = await submit('createOpportunity', fields);
      expect(again.status).toBe(200);
      expect(again.text).toContain('value="A big deal"');
      expect(again.text).toContain(`value="${pipelineId}" selected`);
      return choicesOf(again.text, 'pipelineStageId');
    });
    const [one = [], other = []] = await Promise.all(stages);
    expect([one.length > 0, other.length > 0, one.some((stage) => other.includes(stage))]).toEqual([true, true, false]);
  });

  it('is refused in the words of the plugin, beside the field as well', async () => {
    const answer = await submit('createOpportunity', { name: 'A deal', contactId: 'somebody' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('No pipeline was chosen. Name one here, or choose a default pipeline in the settings.');
    expect(answer.text).toMatch(/id="action-pipelineId-error">.*Choose a pipeline\./s);
  });

  it('is refused by the provider in words above the form', async () => {
    const answer = await submit('getContact', { contactId: 'nobody-has-this-id' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).toMatch(/role="alert".*LeadConnector/s);
    expect(answer.text).toContain('value="nobody-has-this-id"');
  });

  it('is not possible while the connection is paused', async () => {
    await post(owner, page, `${page}/pause`);
    expect((await owner.get(page)).text).not.toContain('What you can do');
    expect((await owner.get(form('createContact'))).status).toBe(409);
    expect((await post(owner, page, form('createContact'), { firstName: 'Paused' })).status).toBe(409);
    await post(owner, page, `${page}/resume`);
    expect(await kept('Paused')).toEqual([]);
  });

  it('is not offered where the settings forbid it: told why and where to change that, before anything is filled in', async () => {
    const address = `/api/stores/default${page}`.replace('/leadconnector/', '/');
    const { config } = (await hub.api('GET', address)).body;
    await hub.api('PUT', `${address}/configure`, { ...config, direction: 'in' });
    const why = 'This connection only reads from LeadConnector. Change its direction in the settings to write there.';
    const step = `<a href="${page}/configure#config-direction">`;
    const { text } = await owner.get(page);
    expect(text).not.toContain(`href="${form('createContact')}"`);
    expect(text).toContain(`href="${form('getContact')}"`);
    expect(text.split(why)).toHaveLength(2);
    expect(text).toContain(step);
    expect((await owner.get(`${page}/records/contacts`)).text).toContain(step);
    const shown = await owner.get(form('createContact'));
    expect([shown.status, shown.text.includes(why), shown.text.includes('name="firstName"')]).toEqual([200, true, false]);
    const sent = await submit('createContact', { firstName: 'Barred' });
    expect([sent.status, sent.text.includes(why)]).toEqual([403, true]);
    expect((await hub.api('PUT', `${address}/configure`, config)).status).toBe(200);
    expect(await kept('Barred')).toEqual([]);
  });

  it('is done once however often the form is sent', async () => {
    const before = await simulated();
    const fields = { _key: await wish('createContact'), firstName: 'Once' };
    const answers = await Promise.all([submit('createContact', fields), submit('createContact', fields)]);
    answers.push(await submit('createContact', fields));
    const to = `${form('createContact')}?done=${fields._key}`;
    expect(answers.map(({ status, headers }) => [status, headers['location']])).toEqual(Array(3).fill([303, to]));
    expect(await simulated()).toBe(before + 1);
    expect(await kept('Once')).toHaveLength(1);
  });

  it('is another wish once the form says something else', async () => {
    const _key = await wish('createContact');
    await done('createContact', { _key, firstName: 'First' });
    await done('createContact', { _key, firstName: 'Second' });
    expect([await kept('First'), await kept('Second')].map((found) => found.length)).toEqual([1, 1]);
  });

  it('is told in words afterwards, and again on a reload, without doing anything', async () => {
    const outcome = await done('createContact', { firstName: 'Grace', email: 'grace@example.com' });
    const before = await simulated();
    for (const _ of [1, 2]) {
      const shown = await owner.get(outcome);
      expect(shown.status).toBe(200);
      expect(shown.text).toMatch(/<dt>Email<\/dt><dd>grace@example\.com<\/dd>/);
      expect(shown.text).toContain('The record kept here is up to date.');
      expect(shown.text).not.toMatch(/&quot;email&quot;|\[object/);
    }
    expect(await simulated()).toBe(before);
    const other = await owner.get(`${form('createContact')}?done=${v7()}`);
    expect(other.text).not.toContain('grace@example.com');
  });

  it('changes what is filled in only: what is left open stays as it is', async () => {
    await done('createContact', { firstName: 'Marigold', tags: ['vip'], dnd: 'true' });
    const [person] = await kept('Marigold');
    const told = async (fields: object) =>
      (await owner.get(await done('updateContact', { contactId: person?.id, ...fields }))).text;
    const changed = await told({ city: 'Dallas' });
    for (const said of ['City</dt><dd>Dallas', 'Tags</dt><dd>vip', 'Do not disturb</dt><dd>Yes']) expect(changed).toContain(said);
    expect(await told({ dnd: 'false' })).toContain('Do not disturb</dt><dd>No');
  });
});

describe('a record', () => {
  it('is offered beside it what can be done with it, in a form that is filled in', async () => {
    await done('createContact', { firstName: 'Odalys' });
    const [{ id } = { id: '' }] = await kept('Odalys');
    const { text } = await owner.get(`${page}/records/contacts?q=Odalys`);
    expect(text).toContain(`<a class="button small" href="${form('updateContact')}?contactId&#x3D;${id}">Update a contact</a>`);
    expect(text).not.toContain(form('cancelAppointment'));
    expect((await owner.get(`${form('updateContact')}?contactId=${id}`)).text).toContain(`value="${id}"`);
  });
});

describe('the page of an integration', () => {
  it('lists what its owner can do with it, each with its title and what it does', async () => {
    const { text } = await owner.get(page);
    expect(text).toContain('What you can do');
    expect(text).toContain(`<a href="${form('createContact')}">Create a contact</a>`);
    expect(text).toContain('Changes the fields you fill in and leaves the others.');
  });
});
