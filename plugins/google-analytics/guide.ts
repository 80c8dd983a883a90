/** For the store owner, step by step; `{{brand}}` is the hub's name. */
export const oauthGuide = `1. Press the button below and sign in with the Google account that can see your property in Google Analytics (the role *Viewer* is enough).
2. Google shows what {{brand}} asks for. **Leave "See and download your Google Analytics data" ticked**: without it there are no reports. "Edit Google Analytics management entities" is only needed to change key events, data retention and API secrets from here.
3. Press **Continue**. You come back here by yourself.
4. Choose your **property** in the settings, then start a sync.

To send purchases and other events as well, choose a data stream in the settings. When you disconnect the last connection made with your Google account, {{brand}} takes back its whole access to it.`;

export const keysGuide = `This way only **sends** events. To read reports as well, sign in with Google.

1. In Google Analytics open **Admin** (the cog), then **Data collection and modification > Data streams**, and choose your website.
2. Copy the **Measurement ID** at the top right (it begins with \`G-\`) into the first field below.
3. On the same page open **Measurement Protocol API secrets**, press **Create** (the first time Google asks you to accept its terms on user data), give it the name *{{brand}}*, and copy the **secret value** into the second field.

Google never says whether the secret is right. Have one event sent, then look at **Reports > Realtime** in Google Analytics: it is there within a minute, or one of the two values is wrong.`;

export const unproven =
  'Google does not say whether an API secret is right. Have an event sent, then look at Reports > Realtime in Google Analytics.';
