/** For the store owner, step by step; `{{brand}}` is the hub's name. */
export const keysGuide = `1. Sign in at [dashboard.stripe.com/apikeys](https://dashboard.stripe.com/apikeys) (**Developers > API keys**). For play money switch to a **sandbox** or **test mode** first: its keys begin with rk_test_ or sk_test_.
2. Press **Create restricted key** and give it a name you will recognise, such as "{{brand}}".
3. Choose these rights and leave everything else on **None**:
   - **Charges and Refunds**: Write (to refund; Read if you never will)
   - **Subscriptions**: Write (to cancel; Read if you never will)
   - **Customers**, **Invoices**, **Events**: Read
   - **Balance**, **Balance transaction sources**: Read
   - **Webhook Endpoints**: Write (changes then arrive at once)
4. Press **Create key**, copy it and paste it below. A live key is shown once.

A secret key (sk_) works too, but opens the whole account. A publishable key (pk_) can read nothing, and the key of an organisation (sk_org_) does not say which account is meant: both are refused. One connection is one account in one mode; test and live are never mixed.`;
