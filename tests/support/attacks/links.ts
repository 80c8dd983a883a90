import { expect } from '@jest/globals';
import request from 'supertest';
import { post } from '../people.ts';
import { csrfOf } from '../web.ts';
import type { Attack } from './ground.ts';

const elsewhere = (returnUrl: string): Attack => [
  `a connect link that leads back to ${JSON.stringify(returnUrl)}`,
  async ({ victim }) => {
    const answer = await victim.api('POST', '/api/stores/default/connect-links', { plugin: 'target', returnUrl });
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION_FAILED']);
  },
];

export const links: readonly Attack[] = [
  ...[
    'https://evil.example/back',
    'https://app.example.com.evil.example/back',
    'https://app.example.com@evil.example/back',
    'https://app.example.com/backdoor',
    'https://app.example.com/back/../admin',
    'https://app.example.com/back#token=',
    'http://app.example.com/back',
    'javascript:alert(1)//https://app.example.com/back',
    '//evil.example/back',
  ].map(elsewhere),
  [
    'a connect link used in a second browser, or with a token made up',
    async ({ hub, victim }) => {
      const wanted = { plugin: 'target', returnUrl: 'https://app.example.com/back' };
      const { url } = (await victim.api('POST', '/api/stores/default/connect-links', wanted)).body;
      const path = new URL(url).pathname;
      const [first, second] = [request.agent(hub.url), request.agent(hub.url)];
      const seen = await second.get(path);
      expect(seen.status).toBe(200);
      expect((await post(first, path, `${path}/oauth`)).status).toBe(303);
      const sent = second
        .post(`${path}/oauth`)
        .type('form')
        .send({ _csrf: csrfOf(seen.text) });
      expect([(await sent).status, (await second.get(path)).status]).toEqual([403, 403]);
      expect((await second.get(`/connect/${'x'.repeat(43)}`)).status).toBe(404);
    },
  ],
];
