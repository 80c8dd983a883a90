/** For the store owner, step by step; `{{brand}}` is the hub's name. */
export const oauthGuide = `1. Press the button below and sign in to Mailchimp.
2. If you belong to several accounts, choose the one this store should work with.
3. Press **Allow**. You come back here by yourself.
4. Choose an audience in the settings. From then on changes in it are reported at once.

Mailchimp knows no partial access: {{brand}} may do what you may do there, so sign in as a user with the role *Admin* or *Manager*. The access lasts until you remove it in Mailchimp under **Account & billing > Extras > Registered apps**.`;

export const keysGuide = `1. In Mailchimp open **your picture > Account & billing > Extras > API keys**.
2. Press **Create a key**, name it *{{brand}}*, and copy it at once: it is shown in full only now.
3. Paste it below, with all that stands behind its last dash (such as \`us19\`).
4. Choose an audience in the settings. From then on changes in it are reported at once.

A key opens the whole account and does not expire. To replace it, create a new one, press **Reconnect** here, then disable the old one in Mailchimp.
[More about API keys](https://mailchimp.com/help/about-api-keys/)`;
