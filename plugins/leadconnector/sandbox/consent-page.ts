import { PLACES } from './demo.ts';

/** No script and no inline style: the hub serves it under its own strict content policy and with its own stylesheet. */
function frame(title: string, main: string): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · LeadConnector (sandbox)</title>
<link rel="stylesheet" href="/assets/app.css">
</head>
<body class="page-sandbox-consent plain">
<div class="ribbon" role="note"><span><strong>Sandbox.</strong> This page stands in for LeadConnector. No real account is touched.</span></div>
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

/** Scopes come from the request; the caller has checked that each is a known one, so nothing here needs escaping. */
export function chooserPage(scopes: readonly string[], fault?: string): string {
  const places = PLACES.map(
    (place) => `<label class="choice"><input type="radio" name="location" value="${place.id}">
<span class="choice-text"><strong>${place.name}</strong> <span>${place.city}, ${place.state}</span></span></label>`,
  ).join('\n');
  const wanted = scopes.map((scope) => `<li><code>${scope}</code></li>`).join('');
  return frame(
    'Choose a location',
    `<section class="panel narrow">
<h1>Choose a location</h1>
<p class="lead">The app <strong>Sandbox app</strong> asks for access to one of your locations.</p>
${fault ? `<div class="notice notice-bad" role="alert"><p>${fault}</p></div>` : ''}
<form method="post" class="stack">
<fieldset class="choice-list"><legend>Location</legend>
${places}
</fieldset>
<details><summary>What it may do (${scopes.length} scopes)</summary><ul>${wanted}</ul></details>
<button class="button primary wide" name="decision" value="allow">Allow</button>
<button class="button wide" name="decision" value="deny" formnovalidate>Deny</button>
</form>
</section>`,
  );
}
