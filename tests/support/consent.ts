/** What a browser comes back with from a simulated consent page: after choosing `place`, or after saying no. */
export async function consent(authorizeUrl: string, place: string | undefined): Promise<string> {
  const page = await (await fetch(authorizeUrl)).text();
  const location = place && new RegExp(`value="([^"]+)"[^>]*>\\s*<span class="choice-text"><strong>${place}`).exec(page)?.[1];
  const body = new URLSearchParams(location ? { decision: 'allow', location } : { decision: 'deny' });
  const answer = await fetch(authorizeUrl, { method: 'POST', body, redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').search.slice(1);
}
