import { LOGINS, SCOPE_WORDS, SCOPES } from './demo.ts';

/** No script and no inline style: the hub serves it under its own strict content policy and with its own stylesheet. */
function frame(title: string, main: string): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Google (sandbox)</title>
<link rel="stylesheet" href="/assets/app.css">
</head>
<body class="page-sandbox-consent plain">
<div class="ribbon" role="note"><span><strong>Sandbox.</strong> This page stands in for Google. No real account is touched.</span></div>
<main id="main">
${main}
</main>
</body>
</html>`;
}

export function faultPage(code: string, sentence: string): string {
  return frame(
    'Access blocked',
    `<section class="panel narrow">
<h1>Access blocked: Authorization Error</h1>
<div class="notice notice-bad" role="alert"><p>${sentence}</p><p>Error ${code}</p></div>
</section>`,
  );
}

/** Google lets people untick each scope but those of the sign-in itself. The caller has checked that all are known ones. */
export function consentPage(scopes: readonly string[], fault?: string): string {
  const logins = LOGINS.map(
    (
      { sub, email, about },
      index,
    ) => `<label class="choice"><input type="radio" name="login" value="${sub}"${index === 0 ? ' checked' : ''}>
<span class="choice-text"><strong>${email}</strong> <span>${about}</span></span></label>`,
  ).join('\n');
  const fixed = (scope: string) => scope === SCOPES.openid || scope === SCOPES.email;
  const boxes = scopes
    .filter((scope) => !fixed(scope))
    .map(
      (scope) => `<label class="choice"><input type="checkbox" name="scope" value="${scope}" checked>
<span class="choice-text">${SCOPE_WORDS[scope] ?? scope}</span></label>`,
    )
    .join('\n');
  return frame(
    'Sign in',
    `<section class="panel narrow">
<h1>Sandbox app wants access to your Google Account</h1>
${fault ? `<div class="notice notice-bad" role="alert"><p>${fault}</p></div>` : ''}
<form method="post" class="stack">
<fieldset class="choice-list"><legend>Choose an account</legend>
${logins}
</fieldset>
<fieldset class="choice-list"><legend>Select what Sandbox app can access</legend>
${boxes}
</fieldset>
<button class="button primary wide" name="decision" value="allow">Continue</button>
<button class="button wide" name="decision" value="deny">Cancel</button>
</form>
</section>`,
  );
}
