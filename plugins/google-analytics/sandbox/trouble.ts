import { cutJson, type Failure, garbage, hangUp, Trouble, without } from 'patchbay/simulator';
import { Refusal } from './answers.ts';

/** The Admin API's lists name the page in the query, reports in the body. */
const firstPageAgain: Failure = (req, good) =>
  without('pageToken')({ ...req, body: req.body.replace(/"offset":"?\d+"?/, '"offset":"0"') }, good);

/** Failures a person may switch on at the panel. */
export function newTrouble() {
  return new Trouble({
    '429': () => new Refusal(429, "Quota exceeded for quota metric 'Read requests' of service.").response,
    '500': () => new Refusal(500, 'Internal error encountered.').response,
    '503': () => new Refusal(503, 'The service is currently unavailable.').response,
    garbage,
    'cut JSON': cutJson,
    'first page again': firstPageAgain,
    'hang up': hangUp,
  });
}
