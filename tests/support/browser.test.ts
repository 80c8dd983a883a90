import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { openBrowser } from './browser.ts';

it('renders a page that a server on loopback gives', async () => {
  const server = createServer((_, res) => {
    res.setHeader('content-type', 'text/html').end('<title>Cards</title><h1 id="x"></h1><script>x.textContent = 6 * 7</script>');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await page.textContent('h1')).toBe('42');
  } finally {
    await browser.close();
    server.close();
  }
});
