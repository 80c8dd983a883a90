import type { Express } from 'express';
import type { Web } from './services.ts';

/** The simulators' APIs, before sessions and parsers: they are somebody else's service. */
export function mountSandbox(app: Express, web: Web): void {
  if (!web.config.sandbox) return;
  app.get('/sandbox', (_req, res) => void res.json({ plugins: web.sandbox.plugins() }));
}
