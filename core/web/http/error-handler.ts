import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Web } from '../services.ts';
import { errorPage } from './error-page.ts';
import { type Answer, answerFor, problemOf } from './errors.ts';
import { isApi, pathOf, wantsJson } from './request.ts';

/** The last handler of all: a problem for programs, a page for people; never a stack. */
export function errorHandler(web: Web): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const answer = answerFor(error);
    if (answer.status >= 500) {
      const level = answer.status === 500 ? 'error' : 'warn';
      req.log[level]({ err: error, code: answer.code }, 'request failed');
    }
    if (res.headersSent) return void req.socket.destroy();
    res.status(answer.status).set(answer.headers).set('cache-control', 'no-store');
    if (wantsJson(req)) sendProblem(req, res, answer);
    else if (answer.status === 401 && !isApi(req))
      res.redirect(303, `/login?next=${encodeURIComponent(pathOf(req))}${req.method === 'GET' ? '' : '&lost=1'}`);
    else errorPage(web, req, res, { message: answer.detail, status: answer.status }).catch(next);
  };
}

function sendProblem(req: Request, res: Response, answer: Answer): void {
  res.type('application/problem+json').send(JSON.stringify(problemOf(answer, String(req.id))));
}
