import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../wait.ts';
import type { Stage } from './stage.ts';

const LEADCONNECTOR = '/integrations/leadconnector';

/** What a store owner does from the first card to the end of a connection, on pages that bring no script. */
export class Journey {
  readonly #page: Page;
  readonly #stage: Stage;
  #own = '';

  constructor(page: Page, stage: Stage) {
    this.#page = page;
    this.#stage = stage;
  }

  async isRefusedConsent(): Promise<void> {
    await this.#go(LEADCONNECTOR);
    await this.#press('Connect with LeadConnector');
    await this.#press('Deny');
    await this.#says(/nothing (was|has been) changed|not connected|did not allow/i);
  }

  async connectsByConsent(): Promise<void> {
    await this.#go(LEADCONNECTOR);
    await this.#consents(/^Connect with LeadConnector$/, 'Riverside Dental');
    const [row] = await this.#stage.hub.rows<{ id: string }>(
      `select i.id from integrations i join stores s on s.id = i.store_id where s.slug = 'harbour' and i.plugin_id = 'leadconnector'`,
    );
    this.#own = `${LEADCONNECTOR}/${row?.id}`;
    await this.#press(/^Save/);
    await this.#saysIn(this.#own, /287/);
  }

  async connectsByKeysAfterAMistake(): Promise<void> {
    await this.#go('/integrations/mailchimp');
    await this.#page.getByLabel('API key', { exact: true }).fill('f1e2d3c4b5a697887766554433221100-us6');
    await this.#page.getByLabel('Server prefix').fill('us19');
    await this.#press('Test and connect');
    await this.#says(/belongs to the server us6/);
    expect(await this.#page.getByLabel('Server prefix').inputValue()).toBe('us19');
    await this.#page.getByLabel('API key', { exact: true }).fill('f1e2d3c4b5a697887766554433221100-us6');
    await this.#page.getByLabel('Server prefix').fill('us6');
    await this.#press('Test and connect');
    await this.#says(/Riverside Dental/);
  }

  async configures(): Promise<void> {
    await this.#go(`${this.#own}/configure`);
    await this.#press(/^Save/);
    await this.#says(/saved|nothing/i);
  }

  async syncs(): Promise<void> {
    await this.#go(this.#own);
    await this.#press(/^Sync again/);
    await this.#saysIn(`${this.#own}/runs`, /Contacts/);
  }

  async repairs(): Promise<void> {
    await this.#stage.hub.sandbox('leadconnector', 'revokeTokens');
    await this.#go(this.#own);
    await this.#press('Test');
    await this.#saysIn(this.#own, /Needs attention/);
    await this.#go(`${this.#own}/reconnect`);
    await this.#consents(/^(Connect|Reconnect) with LeadConnector$/, 'Riverside Dental');
    await this.#saysIn(this.#own, /Connected/);
  }

  async handlesAMessageAgain(): Promise<void> {
    const { hub } = this.#stage;
    await hub.sandbox('leadconnector', 'addContact', { location: 'RiversideDentalDem02' });
    const id = this.#own.split('/').at(-1);
    const of = () =>
      hub.rows<{ id: string }>(`select id from webhook_events where integration_id = $1 and state = 'handled'`, [id]);
    const [event] = await until(async () => ((await of()).length > 0 ? of() : undefined), { what: 'the message' });
    await hub.rows(`update webhook_events set state = 'dead', reason = 'Full.' where id = $1`, [event?.id]);
    await this.#go(`${this.#own}/events/${event?.id}`);
    await this.#press('Handle again');
    await until(async () => (await of()).some((one) => one.id === event?.id), { what: 'the message to be handled again' });
  }

  async disconnects(): Promise<void> {
    await this.#go(`${this.#own}/disconnect`);
    await this.#press(/^Disconnect/);
    await this.#saysIn(this.#own, /Disconnected/);
  }

  #go(path: string) {
    return this.#page.goto(`${this.#stage.hub.url}${path}`);
  }

  #press(name: string | RegExp) {
    const button = this.#page.locator('main').getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
    return button.first().click();
  }

  async #consents(button: RegExp, account: string): Promise<void> {
    await this.#press(button);
    await this.#page.getByRole('radio', { name: new RegExp(account) }).check();
    await this.#press('Allow');
    await this.#page.waitForURL((url) => url.href.startsWith(this.#stage.hub.url) && /[0-9a-f-]{36}/.test(url.pathname));
  }

  async #says(words: RegExp): Promise<void> {
    expect(await this.#page.locator('main').textContent()).toMatch(words);
  }

  /** Loads the page again until it says so, as the page itself does without a script. */
  async #saysIn(path: string, words: RegExp): Promise<void> {
    const look = async () => {
      await this.#go(path);
      return words.test((await this.#page.locator('main').textContent()) ?? '');
    };
    await until(look, { what: `${path} to say ${words.source}` });
  }
}
