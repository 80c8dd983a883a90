const OUT_OF_REACH =
  'is out of a plugin\'s reach; import "patchbay", Node\'s built-ins, files of this folder and packages in its own node_modules';
const NOT_PROVEN = "answer false for anything that is not proven to be the provider's";

/** What is said of each folder of `broken`: one per way to be so. */
export const REASONS: Readonly<Record<string, string | RegExp>> = {
  Bad_Name: /^broken\/Bad_Name: the folder's name is the plugin's id and must be 2 to 40 characters/,
  'bad-action': '/index.ts:6: actions.make.input.properties.size.title is missing; give the label that stands beside the input',
  'bad-default': '/manifest.ts:23: config.properties.mode.default is refused by its own field: Mode must be one of in, out.',
  'bad-pattern':
    '/manifest.ts:22: config.properties.code.pattern is not a regular expression; give a regular expression as a text',
  'bad-stream': "/index.ts:6: streams.things.mode must be 'incremental' or 'full'",
  'barred-no-function': '/index.ts:6: actions.make.barred must be a function',
  'coming-soon-with-handlers':
    '/index.ts:9: comingSoon is set but there are handlers; a coming-soon card has none: remove one of the two',
  'empty-index': '/index.ts: exports no plugin; write `export default definePlugin(manifest, { … })`',
  'end-of-nothing':
    '/manifest.ts:21: auth[0].fields.properties.region.x-end-of names "apiKey", which is not another text field of the form; choose one of key',
  'follow-without-covers':
    "/index.ts:6: streams.things.follows needs `covers`, which says 'unchosen' for records of another choice",
  'imports-core': `/index.ts:2: "../../../../config.ts" ${OUT_OF_REACH}`,
  'imports-hub-package': `/index.ts:2: "undici" ${OUT_OF_REACH}`,
  'imports-neighbour': `/index.ts:2: "../imports-core/secrets.ts" ${OUT_OF_REACH}`,
  'imports-nowhere': '/index.ts:2: there is no file "./gone.ts"',
  'imports-testing': `/index.ts:2: "patchbay/testing" ${OUT_OF_REACH}`,
  'insecure-url':
    '/manifest.ts:8: docs is "http://acme.example/docs"; give the https address of the provider\'s API documentation',
  'missing-record-stream': /missing-record-stream\/index\.ts:\d+: actions\.refund\.input\.properties\.payment\.x-record names "payments"/,
  'missing-loader':
    '/manifest.ts:23: config.properties.list.x-options names the loader "lists", which is missing in `options` of the handlers; there are no loaders',
  'misspelt-import': '/index.ts:1: "patchbay" exports no "definePlugn"; docs/contract.md lists what it does',
  'misspelt-kit': '/index.ts:2: "patchbay/simulator" exports no "Randm"; docs/contract.md lists what it does',
  'misspelt-own': '/index.ts:1: "names.ts" exports no "labl"; export it there, or mend its name',
  'misspelt-property': /^broken\/misspelt-property\/manifest.ts:21: baseURL is not known; known here are sdk, name, /,
  'misspelt-stream': /^broken\/misspelt-stream\/index.ts:6: streams.things.titel is not known; .*\nbroken\/misspelt-stream\/index.ts:5: /s,
  'no-category':
    /^broken\/no-category\/manifest.ts:7: category must be one of CRM, Advertising, .*; choose where the card stands$/,
  'no-default-export': '/index.ts: exports no plugin; write `export default definePlugin(manifest, { … })`',
  'no-handlers': '/index.ts: definePlugin needs the handlers as its second argument, `identify` at least',
  'no-identify': '/index.ts: identify is missing; it must be a function',
  'no-simulator': '/sandbox.ts: exports no simulator; write `export default defineSandbox({ hosts, app, create })`',
  'oauth-without-app': "/manifest.ts:12: auth[0] needs the operator's `clientId` and `clientSecret`; ask for both in `app`",
  'plain-object': '/index.ts: exports no plugin; write `export default definePlugin(manifest, { … })`',
  'requires-by-name': `/index.js:2: threw while loading: "pg-boss" ${OUT_OF_REACH}`,
  'scope-without-reason':
    '/manifest.ts:20: auth[0].scopes[1].reason is missing; say in words for the store owner why this scope is asked for',
  'secret-in-table':
    '/manifest.ts:26: config.properties.keys.items.properties.key.x-secret is not possible here; a table is shown and kept as it is, so ask for a secret in a field of its own',
  'secret-number': '/manifest.ts:23: config.properties.pin.x-secret is not possible here; only text fields can be secret',
  'settings-not-migrated': '/manifest.ts:26: configVersion is 2 but there is no `migrateConfig`; write it among the handlers',
  'simulator-of-unknown-app': "/sandbox.ts: app.clientId is not one of the manifest's `app` fields",
  'simulator-throws': /^broken\/simulator-throws\/sandbox.ts:6: threw while loading: Cannot read properties of undefined/,
  'stream-not-there': '/manifest.ts:23: config.properties.streams offers "others", which is not one of the streams (things)',
  'syntax-error': '/index.ts:5: Expected "}" but found "label"',
  'throws-at-load': '/settings.ts:6: threw while loading: no settings here',
  'throws-no-error': ': threw while loading: just a text',
  'top-level-await': '/index.ts:4: `await` is not possible at the top of a module; move it into a handler',
  'unknown-follow': '/index.ts:6: webhook.follows names "list", which is not one of the settings; there are none',
  'unknown-handler': /^broken\/unknown-handler\/index.ts:6: webhooks is not known; known here are identify, test, streams/,
  'unknown-header-field': '/manifest.ts:17: auth[0].headers.Authorization asks for {token}, which is not one of the fields',
  'unknown-model':
    '/index.ts:6: streams.things.model.kind must be one of contact, appointment, opportunity, message, campaign, list, invoice, payment, subscription, report',
  'unknown-required': '/manifest.ts:20: config.required names "nope", which is not one of the fields',
  'unsafe-icon': '/icon.svg:3: holds <script>, which may run or load something; use plain shapes',
  'webhook-accepts-anything': `/index.ts:9: webhook.verify accepts an unsigned call (POST, no key is set); ${NOT_PROVEN}`,
  'webhook-promises': `/index.ts:9: webhook.verify must answer true or false at once and answers a promise to an unsigned call (POST, no key is set); ${NOT_PROVEN}`,
  'webhook-throws':
    /^broken\/webhook-throws\/index.ts:9: webhook.verify throws \(The first argument must be .*\) for an unsigned call/,
  'webhook-without-key': `/index.ts:9: webhook.verify accepts an unsigned call (POST, no key is set); ${NOT_PROVEN}`,
  'wrong-sdk': '/manifest.ts:4: sdk must be 1; write 1, the version of the contract this hub speaks',
};
