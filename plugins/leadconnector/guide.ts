/** For the store owner, step by step; `{{brand}}` is the hub's name. */
export const oauthGuide = `1. Press the button below and sign in to LeadConnector.
2. Choose the location (sub-account) this store should work with. One connection is one location.
3. Read what {{brand}} asks for and press **Allow**. You come back here by yourself.

You need to be an admin of the location. To use a second location as well, connect once more and choose it.`;

export const keysGuide = `1. In LeadConnector open the location, then **Settings > Other Settings > Private Integrations**.
2. Press **Create new integration**, give it the name *{{brand}}* and tick these scopes: View and Edit Contacts; View Calendars; View and Edit Calendar Events; View and Edit Opportunities; View Locations; View Custom Fields; View Tags; View Users.
3. Copy the token (it begins with \`pit-\` and is shown once) into the first field below.
4. Copy the **Location ID** from **Settings > Business Profile** into the second.

A private token brings changes at the next sync only, unless the marketplace app is installed in the location as well. Rotate it every 90 days: create a new one, press **Reconnect** here, then delete the old one.
[More about private integrations](https://help.leadconnectorhq.com/support/solutions/articles/155000002774)`;
