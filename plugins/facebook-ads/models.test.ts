import { describe, expect, it } from '@jest/globals';
import { campaignModel, insightModel, leadModel } from './models.ts';
import { minorOfBudget, minorOfMajor } from './money.ts';

const account = { externalId: '1', label: 'Nora' };
const row = {
  date_start: '2026-01-31',
  date_stop: '2026-01-31',
  account_currency: 'USD',
  account_id: '10101010101',
  campaign_id: '12',
  campaign_name: 'Spring',
  timezone: 'America/Chicago',
  attribution_window: '7d_click,1d_view',
  purchase_action_type: 'omni_purchase',
  impressions: '1000',
  clicks: '25',
  spend: '12.34',
  ctr: '2.500000',
  cpc: '0.4936',
  actions: [
    { action_type: 'omni_purchase', value: '5', '7d_click': '3', '1d_view': '1', '28d_click': '9' },
    { action_type: 'purchase', value: '5', '7d_click': '3', '1d_view': '1' },
    { action_type: 'link_click', value: '20' },
  ],
  action_values: [{ action_type: 'omni_purchase', value: '99.9', '7d_click': '40.5', '1d_view': '9.5' }],
};

describe('money', () => {
  it('is in minor units of its currency, also where the provider counts in others', () => {
    expect(minorOfMajor(12.34, 'USD')).toBe(1234);
    expect(minorOfMajor(1234, 'JPY')).toBe(1234);
    expect(minorOfMajor(1.005, 'BHD')).toBe(1005);
    expect(minorOfMajor(1.005, 'OMR')).toBe(1005);
    expect(minorOfMajor(12.34, 'HUF')).toBe(1234);
    expect(minorOfBudget(1234, 'KWD')).toBe(12_340);
    expect(minorOfBudget(1234, 'USD')).toBe(1234);
    expect(minorOfBudget(1234, 'JPY')).toBe(1234);
    // Whole forints here, hundredths of them by ISO 4217.
    expect(minorOfBudget(1234, 'HUF')).toBe(123_400);
  });
});

describe('a row of figures as a report', () => {
  it('is refused without its days or currency', () => {
    expect(() => insightModel.of({ spend: '1' }, account)).toThrow(/lacks its days or its currency/);
  });

  it('has numbers, money in minor units, shares of one, and purchases of one kind and the chosen windows', () => {
    expect(insightModel.of(row, account)).toEqual({
      from: '2026-01-31',
      to: '2026-01-31',
      zone: 'America/Chicago',
      currency: 'USD',
      dimensions: {
        accountId: '10101010101',
        campaignId: '12',
        campaign: 'Spring',
        attributionWindow: '7d_click,1d_view',
      },
      metrics: {
        impressions: 1000,
        clicks: 25,
        spend: 1234,
        cpc: 49,
        ctr: 0.025,
        purchases: 4,
        purchaseValue: 5000,
        returnOnSpend: 4.0519,
      },
    });
  });

  it('counts no purchases where there were none, and divides by no spend', () => {
    const { metrics } = insightModel.of({ ...row, actions: undefined, action_values: undefined, spend: '0' }, account) as {
      metrics: Record<string, number>;
    };
    expect(metrics).toMatchObject({ purchases: 0, purchaseValue: 0, spend: 0 });
    expect(metrics).not.toHaveProperty('returnOnSpend');
  });
});

describe('a campaign', () => {
  it('is read with its budget and its times in UTC', () => {
    const data = {
      id: '1',
      name: 'Spring',
      effective_status: 'ACTIVE',
      objective: 'OUTCOME_SALES',
      daily_budget: '2500',
      currency: 'EUR',
      start_time: '2026-01-31T10:00:00+0100',
    };
    expect(campaignModel.of(data, account)).toEqual({
      name: 'Spring',
      channel: 'ads',
      status: 'active',
      objective: 'OUTCOME_SALES',
      budget: { amount: 2500, currency: 'EUR' },
      startsAt: { at: '2026-01-31T09:00:00.000Z' },
    });
  });

  it('of a state that is not known is not taken for a running one', () => {
    expect(campaignModel.of({ id: '1', effective_status: 'NEW_STATE' }, account)).toMatchObject({ name: '1', status: 'paused' });
  });
});

describe('a lead as a contact', () => {
  it('says which campaign it came from, or that there was none', () => {
    const contact = { email: 'a@mail.example', line1: 'Main St 1', city: 'Oslo' };
    expect(
      leadModel.of({ contact, campaign_name: 'Spring', tags: ['ads'], created_time: '2026-01-31T10:00:00+0000' }, account),
    ).toEqual({
      email: 'a@mail.example',
      address: { line1: 'Main St 1', city: 'Oslo' },
      tags: ['ads'],
      source: 'Facebook Ads: Spring',
      createdAt: { at: '2026-01-31T10:00:00.000Z' },
    });
    expect(leadModel.of({}, account)).toEqual({ source: 'Facebook, without an ad' });
  });
});
