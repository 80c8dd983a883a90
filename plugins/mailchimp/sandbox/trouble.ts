import type { SandboxResponse } from 'patchbay';
import { cutJson, hangUp, Trouble } from 'patchbay/simulator';
import { refusals, TRIGGERED } from './problems.ts';

/** Neither limit says when to come back; the network in front of the API speaks no JSON. */
const network = (status: number, words: string) => (): SandboxResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><body>${words}</body></html>`,
});

const triggered = (name: 'Forbidden' | 'UserDisabled') => () => (TRIGGERED[name]?.() ?? refusals.broken()).response;

/** Failures a person may switch on at the panel. */
export function newTrouble() {
  return new Trouble({
    '429': () => refusals.busy().response,
    '429 of the network': network(429, 'Too many requests'),
    '403 of the network': network(403, 'Access Denied'),
    forbidden: triggered('Forbidden'),
    'user disabled': triggered('UserDisabled'),
    '500': () => refusals.broken().response,
    '502': network(502, 'Bad Gateway'),
    cut: cutJson,
    'hang up': hangUp,
  });
}
