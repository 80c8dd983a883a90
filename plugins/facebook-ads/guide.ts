/** For the store owner, step by step; `{{brand}}` is the hub's name. */
export const oauthGuide = `1. Press the button below and log in to Facebook with the login that manages your ads.
2. Choose the ad accounts and pages {{brand}} may use, and leave every permission ticked; each is explained below.
3. Press **Continue**. You come back here by yourself.
4. In the settings choose which ad accounts to read and which pages to receive leads of.

You need a role on the ad account, and for leads a task on the page and [access to its leads](https://www.facebook.com/business/help/1440176552713521). Facebook ends such a connection after about 60 days: you are asked to connect again two weeks before.`;

export const keysGuide = `1. Open [Business Settings](https://business.facebook.com/settings), **Users > System users**, and press **Add**. Choose the role *Employee*.
2. Press **Assign assets** and give it the ad account (*Manage campaigns* and *View performance*) and, for leads, the page.
3. Press **Generate token**, choose your app, *Never* as the end, and these permissions: \`ads_read\`, \`ads_management\`, \`business_management\`, \`leads_retrieval\`, \`pages_show_list\`, \`pages_read_engagement\`, \`pages_manage_metadata\`, \`pages_manage_ads\`.
4. Copy the token (it begins with \`EAA\` and is shown once) into **Access token**.
5. Copy the **Ad account ID** from the address of Ads Manager (\`act=…\`).
6. If the app has **Require App Secret** switched on (App settings > Advanced), give **App ID** and **App secret** too. They are on *App settings > Basic* of the same app.

Leads come in at once only where the token was made with the app this hub uses; otherwise they come with the next sync.`;
