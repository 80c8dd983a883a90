import { ACCOUNTS, PAGES, PEOPLE, type Person } from './demo.ts';

/** No script and no inline style: the hub serves it under its own strict content policy and with its own stylesheet. */
function frame(title: string, main: string): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Facebook (sandbox)</title>
<link rel="stylesheet" href="/assets/app.css">
</head>
<body class="page-sandbox-consent plain">
<div class="ribbon" role="note"><span><strong>Sandbox.</strong> This page stands in for Facebook. No real account is touched.</span></div>
<main id="main">
${main}
</main>
</body>
</html>`;
}

export function faultPage(sentence: string): string {
  return frame(
    'Cannot go on',
    `<section class="panel narrow">
<h1>Cannot go on</h1>
<div class="notice notice-bad" role="alert"><p>${sentence}</p></div>
</section>`,
  );
}

function reach(person: Person): string {
  const names = (ids: readonly string[], list: readonly { id: string; name: string }[]) =>
    list.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  const accounts = names(person.accounts, ACCOUNTS);
  return `Ad accounts: ${accounts.join(', ')}. Pages: ${names(person.pages, PAGES).join(', ')}.`;
}

/** Scopes come from the request; the caller has checked that each is a known one, so nothing here needs escaping. */
export function dialogPage(scopes: readonly string[], fault?: string): string {
  const people = PEOPLE.map(
    (person) => `<label class="choice"><input type="radio" name="person" value="${person.id}">
<span class="choice-text"><strong>${person.name}</strong> <span>${reach(person)}</span></span></label>`,
  ).join('\n');
  const wanted = scopes
    .map(
      (scope) => `<label class="choice"><input type="checkbox" name="scope" value="${scope}" checked>
<span class="choice-text"><code>${scope}</code></span></label>`,
    )
    .join('\n');
  return frame(
    'Log in',
    `<section class="panel narrow">
<h1>Continue as</h1>
<p class="lead"><strong>Sandbox app</strong> asks for access to ad accounts and pages.</p>
${fault ? `<div class="notice notice-bad" role="alert"><p>${fault}</p></div>` : ''}
<form method="post" class="stack">
<fieldset class="choice-list"><legend>Login</legend>
${people}
</fieldset>
<details><summary>Choose what it may do (${scopes.length})</summary>
<fieldset class="choice-list"><legend>Permissions</legend>
${wanted}
</fieldset></details>
<button class="button primary wide" name="decision" value="allow">Allow</button>
<button class="button wide" name="decision" value="deny" formnovalidate>Not now</button>
</form>
</section>`,
  );
}
