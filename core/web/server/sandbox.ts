import { IsObject, IsString } from 'class-validator';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { bodyOf, readJson } from '../http/body.ts';
import { IfGiven } from '../http/dto.ts';
import { notFound } from '../http/errors.ts';
import { headerRecord, param } from '../http/request.ts';
import type { Web } from '../services.ts';

class CommandBody {
  @IsString()
  command!: string;

  @IfGiven()
  @IsObject()
  input?: Record<string, unknown>;
}

/** Pages of a simulator may style themselves (or as we do), run nothing, and post wherever their consent leads. */
const SIMULATED_PAGE =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/** Before sessions and parsers: a simulator is somebody else's service, and scripts press its buttons without signing in. */
export function mountSandbox(app: Express, web: Web): void {
  if (!web.config.sandbox) {
    app.use('/sandbox', (req) => {
      throw notFound(`${req.baseUrl}${req.path}`);
    });
    return;
  }
  const text = express.text({ limit: '1mb', type: () => true });
  app.route('/sandbox/:plugin/api/:host{/*path}').all(text, (req, res) => simulate(web, req, res));
  app.get('/sandbox/:plugin', onlyJson, (req, res) => {
    res.set('cache-control', 'no-store').json(panelJson(web, param(req, 'plugin')));
  });
  // Forms of other sites cannot send JSON, so this needs no token; the page's own form is a page like any other.
  app.post('/sandbox/:plugin/panel', onlyJsonBody, readJson, (req, res) => command(web, req, res));
}

async function simulate(web: Web, req: Request, res: Response): Promise<void> {
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const { pathname, searchParams } = new URL(req.url, 'http://sandbox');
  // Our own session is none of the provider's business.
  const { cookie: _, ...headers } = headerRecord(req);
  const answer = await web.sandbox.handle(param(req, 'plugin'), {
    method: req.method,
    host: param(req, 'host'),
    path: pathname.replace(/^\/sandbox\/[^/]+\/api\/[^/]+/, '') || '/',
    query: searchParams,
    headers,
    body: typeof req.body === 'string' ? req.body : '',
    signal: gone.signal,
  });
  if (answer.hangUp) return void req.socket.destroy();
  res.status(answer.status).set({ 'content-security-policy': SIMULATED_PAGE, 'cache-control': 'no-store', ...answer.headers });
  if (answer.body === undefined) res.end();
  else if (typeof answer.body === 'string') sendText(res, answer.body);
  else res.json(answer.body);
}

function sendText(res: Response, body: string): void {
  if (!res.get('content-type')) res.type('text/plain');
  res.send(body);
}

async function command(web: Web, req: Request, res: Response): Promise<void> {
  const { command: name, input = {} } = await bodyOf(CommandBody, req);
  const result = await web.sandbox.command(param(req, 'plugin'), name, input);
  res.json({ result, panel: panelJson(web, param(req, 'plugin')) });
}

function panelJson(web: Web, plugin: string): Record<string, unknown> {
  const { panel, commands } = web.sandbox.panel(plugin);
  return { plugin, ...panel, commands };
}

/** Browsers ask for HTML by name; whoever takes anything is a script. */
function onlyJson(req: Request, _res: Response, next: NextFunction): void {
  next(req.accepts(['json', 'html']) === 'json' ? undefined : 'route');
}

function onlyJsonBody(req: Request, _res: Response, next: NextFunction): void {
  next(req.is('application/json') ? undefined : 'route');
}
