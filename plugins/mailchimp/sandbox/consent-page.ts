import { ACCOUNTS } from './demo.ts';

/** No script and no inline style: the hub serves it under its own strict content policy and with its own stylesheet. */
function frame(title: string, main: string): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Mailchimp (sandbox)</title>
<link rel="stylesheet" href="/assets/app.css">
</head>
<body class="page-sandbox-consent plain">
<div class="ribbon" role="note"><span><strong>Sandbox.</strong> This page stands in for Mailchimp. No real account is touched.</span></div>
<main id="main">
<section class="panel narrow">
<h1>${title}</h1>
${main}
</section>
</main>
</body>
</html>`;
}

export function faultPage(sentence: string): string {
  return frame('Cannot go on', notice(sentence));
}

/** Nothing of the request is shown, so nothing here needs escaping. */
export function accountPage(fault?: string): string {
  const accounts = ACCOUNTS.map(
    ({ id, name, owner, dc }) => `<label class="choice"><input type="radio" name="account" value="${id}">
<span class="choice-text"><strong>${name}</strong> <span>${owner}, ${dc}</span></span></label>`,
  ).join('\n');
  return frame(
    'Choose an account',
    `<p class="lead">The app <strong>Sandbox app</strong> asks for full access to one of your accounts.</p>
${fault ? notice(fault) : ''}
<form method="post" class="stack">
<fieldset class="choice-list"><legend>Account</legend>
${accounts}
</fieldset>
<button class="button primary wide" name="decision" value="allow">Allow</button>
<button class="button wide" name="decision" value="deny" formnovalidate>Deny</button>
</form>`,
  );
}

function notice(sentence: string): string {
  return `<div class="notice notice-bad" role="alert"><p>${sentence}</p></div>`;
}
