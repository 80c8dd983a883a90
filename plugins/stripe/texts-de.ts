import { keysGuide } from './guide.ts';
import { formsDe } from './texts-de-forms.ts';

/** The plugin in German. */
export const de = {
  'Payments, refunds, subscriptions and invoices of your Stripe account, with refunds and cancellations from the store.':
    'Zahlungen, Erstattungen, Abonnements und Rechnungen Ihres Stripe-Kontos; Erstatten und Kündigen direkt aus dem Shop.',
  'API key': 'API-Schlüssel',
  [keysGuide]: `1. Melden Sie sich bei [dashboard.stripe.com/apikeys](https://dashboard.stripe.com/apikeys) an (**Developers > API keys**). Für Spielgeld wechseln Sie zuerst in eine **Sandbox** oder den **Testmodus**: Deren Schlüssel beginnen mit rk_test_ oder sk_test_.
2. Drücken Sie **Create restricted key** und geben Sie einen Namen, den Sie wiedererkennen, zum Beispiel „{{brand}}“.
3. Wählen Sie diese Rechte und lassen Sie alles andere auf **None**:
   - **Charges and Refunds**: Write (zum Erstatten; Read, wenn Sie das nie tun)
   - **Subscriptions**: Write (zum Kündigen; Read, wenn Sie das nie tun)
   - **Customers**, **Invoices**, **Events**: Read
   - **Balance**, **Balance transaction sources**: Read
   - **Webhook Endpoints**: Write (Änderungen kommen dann sofort an)
4. Drücken Sie **Create key**, kopieren Sie ihn und fügen Sie ihn unten ein. Ein echter Schlüssel wird nur einmal gezeigt.

Auch ein geheimer Schlüssel (sk_) geht, öffnet aber das ganze Konto. Ein öffentlicher Schlüssel (pk_) kann nichts lesen, und der Schlüssel einer Organisation (sk_org_) sagt nicht, welches Konto gemeint ist: Beide werden abgelehnt. Eine Verbindung ist ein Konto in einem Modus; Test und Echtbetrieb werden nie gemischt.`,
  'Restricted or secret key': 'Eingeschränkter oder geheimer Schlüssel',
  'Developers > API keys. A restricted key with the rights of the guide is the safer one.':
    'Developers > API keys. Sicherer ist ein eingeschränkter Schlüssel mit den Rechten der Anleitung.',
  'Account ID': 'Konto-ID',
  'Only if you are asked for it: Settings > Business > Account details. Restricted keys may not always say whose they are.':
    'Nur wenn danach gefragt wird: Settings > Business > Account details. Eingeschränkte Schlüssel sagen nicht immer, zu welchem Konto sie gehören.',
  'An account ID is "acct_" and some letters and digits.': 'Eine Konto-ID ist „acct_“ und einige Buchstaben und Ziffern.',
  Payments: 'Zahlungen',
  Customers: 'Kunden',
  Subscriptions: 'Abonnements',
  Invoices: 'Rechnungen',
  Refunds: 'Erstattungen',
  'Balance transactions': 'Kontobewegungen',
  'Balance transactions: fees and payouts': 'Kontobewegungen: Gebühren und Auszahlungen',
  'What to sync': 'Was synchronisiert wird',
  'Copied by each sync and kept up to date by webhooks in between.':
    'Wird von jeder Synchronisierung kopiert und dazwischen durch Meldungen aktuell gehalten.',
  'Nothing older than': 'Nichts älter als',
  'What was created before this day is left out. Empty: everything. A change reads all of it once more.':
    'Was vor diesem Tag entstand, bleibt weg. Leer: alles. Eine Änderung liest alles noch einmal.',
  Currencies: 'Währungen',
  'Payments, subscriptions, invoices and refunds in these currencies only. None chosen means all.':
    'Nur Zahlungen, Abonnements, Rechnungen und Erstattungen in diesen Währungen. Ist keine ausgewählt, gelten alle.',
  'Order number': 'Bestellnummer',
  Webhooks: 'Webhooks',
  'Set up by itself': 'Von selbst eingerichtet',
  'Made by hand': 'Von Hand angelegt',
  'Signing secret': 'Signaturschlüssel',
  'What Stripe reports at once': 'Was Stripe sofort meldet',
  'The webhook is set up for these. What is left out comes with the next sync.':
    'Dafür wird der Webhook eingerichtet. Was fehlt, kommt mit der nächsten Synchronisierung.',
  'Payments: succeeded, failed, refunded': 'Zahlungen: gelungen, fehlgeschlagen, erstattet',
  Disputes: 'Zahlungsstreitigkeiten',
  'Refunds: on their way, arrived, failed': 'Erstattungen: unterwegs, angekommen, fehlgeschlagen',
  'Subscriptions: started, changed, ended': 'Abonnements: begonnen, geändert, beendet',
  'Invoices: issued, paid, payment failed': 'Rechnungen: gestellt, bezahlt, Zahlung fehlgeschlagen',
  'Refunds from the store': 'Erstattungen aus dem Shop',
  'Off: nobody can refund a payment over this connection.': 'Aus: Niemand kann über diese Verbindung eine Zahlung erstatten.',
  'When a subscription is canceled': 'Wenn ein Abonnement gekündigt wird',
  'Unless the one who cancels says otherwise.': 'Sofern beim Kündigen nichts anderes gesagt wird.',
  'It ends with the period that is paid for': 'Es endet mit dem bezahlten Zeitraum',
  'It ends at once': 'Es endet sofort',
  'Credit unused time': 'Ungenutzte Zeit gutschreiben',
  'When a subscription ends at once, the customer is credited for the rest of the period.':
    'Endet ein Abonnement sofort, bekommt der Kunde den Rest des Zeitraums gutgeschrieben.',
  'Refund a payment': 'Zahlung erstatten',
  'Cancel a subscription': 'Abonnement kündigen',
  'Keep a subscription': 'Abonnement behalten',
  '{count} Balance transactions': '{count, plural, one {# Kontobewegung} other {# Kontobewegungen}}',
  '{count} Customers': '{count, plural, one {# Kunde} other {# Kunden}}',
  '{count} Invoices': '{count, plural, one {# Rechnung} other {# Rechnungen}}',
  '{count} Payments': '{count, plural, one {# Zahlung} other {# Zahlungen}}',
  '{count} Refunds': '{count, plural, one {# Erstattung} other {# Erstattungen}}',
  '{count} Subscriptions': '{count, plural, one {# Abonnement} other {# Abonnements}}',
  ...formsDe,
} as const;
