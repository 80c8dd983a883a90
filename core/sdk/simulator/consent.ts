import type { SandboxRequest, SandboxResponse } from '../sandbox.ts';

/** What an authorization request asks for (RFC 6749, 4.1.1), and what a person answered to it. */
export interface Authorization {
  readonly clientId: string | null;
  readonly responseType: string | null;
  /** `undefined` where it is missing or no absolute web address: there is nowhere to send anybody back to. */
  readonly redirectUri: string | undefined;
  /** Split at spaces and commas. */
  readonly scopes: readonly string[];
  /** Of PKCE, method S256. */
  readonly challenge: string | undefined;
  /** What the page was sent with. */
  readonly form: URLSearchParams;
  readonly decision: 'allow' | 'deny' | undefined;
  /** Sends the browser back with these parameters and the state. */
  back(params: Readonly<Record<string, string>>, status?: 302 | 303): SandboxResponse;
}

/** Reads a request of the consent page; which of it the provider insists on, and in which words, is the simulator's to say. */
export function authorizationOf({ method, query, body }: SandboxRequest): Authorization {
  const form = new URLSearchParams(method === 'POST' ? body : '');
  const decision = form.get('decision');
  const redirectUri = usable(query.get('redirect_uri'));
  return {
    clientId: query.get('client_id'),
    responseType: query.get('response_type'),
    redirectUri,
    scopes: (query.get('scope') ?? '').split(/[\s,+]+/).filter(Boolean),
    challenge: query.get('code_challenge') ?? undefined,
    form,
    decision: decision === 'allow' || decision === 'deny' ? decision : undefined,
    back(params, status = 303) {
      const url = new URL(redirectUri ?? '');
      const state = query.get('state');
      for (const [name, value] of Object.entries({ ...params, ...(state !== null && { state }) })) {
        url.searchParams.set(name, value);
      }
      return { status, headers: { location: url.href } };
    },
  };
}

function usable(value: string | null): string | undefined {
  if (!value || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return /^https?:$/.test(url.protocol) && url.hash === '' ? value : undefined;
}

/** One thing a person may choose. */
export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly about?: string;
}

/** What a person chooses from: one (`radio`, the first one at first) or any (`checkbox`, all of them ticked at first). */
export interface ChoiceList {
  readonly legend: string;
  /** Of the form's field. */
  readonly name: string;
  readonly type: 'radio' | 'checkbox';
  readonly choices: readonly Choice[];
  /** Shown only when somebody opens what is called so. */
  readonly folded?: string;
}

/** What the consent page says and asks. */
export interface ConsentPage {
  /** Who asks, as people know it: `Acme`. */
  readonly provider: string;
  readonly heading: string;
  readonly lead?: string;
  /** What was wrong with the answer before: the page is shown again with the status 422. */
  readonly fault?: string | undefined;
  readonly lists: readonly ChoiceList[];
  /** Under "What it may do": scopes nobody can untick. */
  readonly scopes?: readonly string[];
  /** Words of the buttons; default `Allow` and `Deny`. */
  readonly allow?: string;
  readonly deny?: string;
}

/** The page on which a person chooses and allows, or does not; the form comes back by POST with `decision`. */
export function consentPage(page: ConsentPage): SandboxResponse {
  const { provider, heading, lead, fault, lists, scopes, allow = 'Allow', deny = 'Deny' } = page;
  const may = scopes?.map((scope) => `<li><code>${escaped(scope)}</code></li>`).join('');
  const html = `${lead ? `<p class="lead">${escaped(lead)}</p>` : ''}
${fault ? notice([fault]) : ''}
<form method="post" class="stack">
${lists.map(listed).join('\n')}
${may ? `<details><summary>What it may do (${scopes?.length} scopes)</summary><ul>${may}</ul></details>` : ''}
<button class="button primary wide" name="decision" value="allow">${escaped(allow)}</button>
<button class="button wide" name="decision" value="deny" formnovalidate>${escaped(deny)}</button>
</form>`;
  return framed(fault ? 422 : 200, { provider, heading, html });
}

/** The page that says why the provider does not ask anybody. */
export function consentError(
  status: number,
  given: { readonly provider: string; readonly heading?: string; readonly sentences: readonly string[] },
): SandboxResponse {
  const { provider, heading = 'Cannot go on', sentences } = given;
  return framed(status, { provider, heading, html: notice(sentences) });
}

function listed({ legend, name, type, choices, folded }: ChoiceList): string {
  const inputs = choices.map(
    (
      { value, title, about },
      index,
    ) => `<label class="choice"><input type="${type}" name="${escaped(name)}" value="${escaped(value)}"${type === 'checkbox' || index === 0 ? ' checked' : ''}>
<span class="choice-text"><strong>${escaped(title)}</strong> <span>${escaped(about ?? '')}</span></span></label>`,
  );
  const html = `<fieldset class="choice-list"><legend>${escaped(legend)}</legend>\n${inputs.join('\n')}\n</fieldset>`;
  return folded ? `<details><summary>${escaped(folded)}</summary>\n${html}</details>` : html;
}

function notice(sentences: readonly string[]): string {
  const said = sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join('');
  return `<div class="notice notice-bad" role="alert">${said}</div>`;
}

/** No script and no inline style: the hub serves it under its own strict content policy and with its own stylesheet. */
function framed(
  status: number,
  { provider, heading, html }: { provider: string; heading: string; html: string },
): SandboxResponse {
  const name = escaped(provider);
  const body = `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(heading)} · ${name} (sandbox)</title>
<link rel="stylesheet" href="/assets/app.css">
</head>
<body class="page-sandbox-consent plain">
<div class="ribbon" role="note"><span><strong>Sandbox.</strong> This page stands in for ${name}. No real account is touched.</span></div>
<main id="main">
<section class="panel narrow">
<h1>${escaped(heading)}</h1>
${html}
</section>
</main>
</body>
</html>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
