/** The cookies of a person who has signed in on the login page. */
export async function signIn(url: string, { email, password }: { email: string; password: string }): Promise<string> {
  const shown = await fetch(`${url}/login`, { headers: { accept: 'text/html' } });
  const token = /name="_csrf" value="([^"]+)"/.exec(await shown.text())?.[1] ?? '';
  const body = new URLSearchParams({ _csrf: token, email, password });
  const answer = await fetch(`${url}/login`, { method: 'POST', redirect: 'manual', headers: { cookie: cookiesOf(shown) }, body });
  if (answer.status !== 303) throw new Error(`signing in was answered with ${answer.status}`);
  return cookiesOf(answer);
}

/** With what the page itself sets, as a browser would have it from then on. */
export async function openPage(url: string, cookie: string): Promise<{ cookie: string; html: string }> {
  const shown = await fetch(url, { headers: { accept: 'text/html', cookie } });
  if (!shown.ok) throw new Error(`${url} answered ${shown.status}`);
  return { cookie: [cookie, cookiesOf(shown)].filter(Boolean).join('; '), html: await shown.text() };
}

function cookiesOf({ headers }: Response): string {
  return headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
}
