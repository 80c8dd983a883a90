/** What the plugin says while it runs, in German. */
export const sentencesDe = {
  'Connected to {account} ({mode}), {funds}.': 'Verbunden mit {account} ({mode}), {funds}.',
  live: 'Echtbetrieb',
  'test mode': 'Testmodus',
  '{sums} available': '{sums} verfügbar',
  'nothing in the balance': 'kein Guthaben',
  'The key lacks the right {right}.': 'Dem Schlüssel fehlt das Recht {right}.',
  'Stripe has switched the webhook off, as it does after many failures: changes come with syncs only. Switch it on again in Stripe under Developers > Webhooks.':
    'Stripe hat den Webhook abgeschaltet, wie nach vielen Fehlschlägen üblich: Änderungen kommen nur mit der Synchronisierung. Schalten Sie ihn in Stripe unter Developers > Webhooks wieder ein.',
  'to read {what}': 'zum Lesen ({what})',
  'Add it in Stripe under Developers > API keys > the key > Edit.':
    'Ergänzen Sie es in Stripe unter Developers > API keys > der Schlüssel > Edit.',
  'This key has expired': 'Dieser Schlüssel ist abgelaufen',
  'Stripe does not know this key': 'Stripe kennt diesen Schlüssel nicht',
  '{what}. Copy a valid one from Developers > API keys and connect with it.':
    '{what}. Kopieren Sie einen gültigen unter Developers > API keys und verbinden Sie damit.',
  'This is a publishable key, which can read nothing. Use a restricted key (rk_) or a secret key (sk_).':
    'Das ist ein öffentlicher Schlüssel, der nichts lesen kann. Nehmen Sie einen eingeschränkten (rk_) oder einen geheimen (sk_).',
  'This is the key of an organisation, which does not say which account is meant. Use a key of the account itself.':
    'Das ist der Schlüssel einer Organisation, der nicht sagt, welches Konto gemeint ist. Nehmen Sie einen Schlüssel des Kontos selbst.',
  'This is the signing secret of a webhook, not an API key. It belongs into the settings.':
    'Das ist der Signaturschlüssel eines Webhooks, kein API-Schlüssel. Er gehört in die Einstellungen.',
  'A key begins with rk_test_, rk_live_, sk_test_ or sk_live_ and has at least 16 letters and digits after it. Copy all of it.':
    'Ein Schlüssel beginnt mit rk_test_, rk_live_, sk_test_ oder sk_live_, danach kommen mindestens 16 Buchstaben und Ziffern. Kopieren Sie ihn ganz.',
  'This key does not say whose account it opens. Fill in the account ID as well.':
    'Dieser Schlüssel sagt nicht, wessen Konto er öffnet. Geben Sie auch die Konto-ID an.',
  'Copy it from Settings > Business > Account details.': 'Kopieren Sie sie aus Settings > Business > Account details.',
  'This key belongs to the account {id}.': 'Dieser Schlüssel gehört zum Konto {id}.',
  'Leave it empty, or use the key of this account.': 'Lassen Sie es leer, oder nehmen Sie den Schlüssel dieses Kontos.',
  'The key is of the other mode. Test and live are connections of their own.':
    'Der Schlüssel gehört zum anderen Modus. Test und Echtbetrieb sind eigene Verbindungen.',
  'Stripe did not answer with the balance of this account.': 'Stripe hat nicht mit dem Guthaben dieses Kontos geantwortet.',
  'Stripe did not answer with the balance.': 'Stripe hat nicht mit dem Guthaben geantwortet.',
  'Stripe did not say whose key this is.': 'Stripe hat nicht gesagt, wessen Schlüssel das ist.',
  'Try again in a minute.': 'Versuchen Sie es in einer Minute noch einmal.',
  'Try again in a moment.': 'Versuchen Sie es gleich noch einmal.',
  'Try again.': 'Versuchen Sie es noch einmal.',
  'Stripe answered without a list at {path}. It goes on at the next attempt.':
    'Stripe hat bei {path} ohne Liste geantwortet. Es geht beim nächsten Versuch weiter.',
  'Stripe answered without {id}. It is read again at the next attempt.':
    'Stripe hat ohne {id} geantwortet. Beim nächsten Versuch wird es noch einmal gelesen.',
  'Stripe sent a record without an id.': 'Stripe hat einen Datensatz ohne ID gesendet.',
  'Stripe is still working on the same thing.': 'Stripe arbeitet noch an derselben Sache.',
  'Stripe takes no more calls just now.': 'Stripe nimmt gerade keine weiteren Abfragen an.',
  'Stripe does not allow this: {why}': 'Stripe erlaubt das nicht: {why}',
  'Stripe refused this: {why}': 'Stripe hat das abgelehnt: {why}',
  'status {status}.': 'Status {status}.',
  'This was asked for before with other details. Use another Idempotency-Key for a new wish.':
    'Das wurde schon einmal mit anderen Angaben verlangt. Nehmen Sie für einen neuen Wunsch einen anderen Idempotency-Key.',
  'The card was declined.': 'Die Karte wurde abgelehnt.',
  'The card was declined': 'Die Karte wurde abgelehnt',
  'The customer needs another card, or money on this one.': 'Der Kunde braucht eine andere Karte, oder Guthaben auf dieser.',
  'Ask the customer for a card that is still valid.': 'Bitten Sie den Kunden um eine Karte, die noch gilt.',
  'Ask the customer to type the card again.': 'Bitten Sie den Kunden, die Karte noch einmal einzugeben.',
  'Ask the customer for another card.': 'Bitten Sie den Kunden um eine andere Karte.',
  'The customer has to confirm the payment with the bank.': 'Der Kunde muss die Zahlung bei seiner Bank bestätigen.',
  'The bank gave no reason; the customer has to ask it or use another card.':
    'Die Bank nannte keinen Grund; der Kunde muss sie fragen oder eine andere Karte nehmen.',
  'This payment has already been refunded.': 'Diese Zahlung ist schon erstattet.',
  'Stripe accepted this but did not say what came of it. Look it up there before you try again.':
    'Stripe hat das angenommen, aber nicht gesagt, was daraus wurde. Sehen Sie dort nach, bevor Sie es noch einmal versuchen.',
  'Refunds from the store are switched off in the settings of this connection.':
    'Erstattungen aus dem Shop sind in den Einstellungen dieser Verbindung ausgeschaltet.',
  'The payment': 'Die Zahlung',
  '{sum} refunded.': '{sum}: erstattet.',
  '{sum} could not be refunded.': '{sum}: konnte nicht erstattet werden.',
  '{sum} on its way back; do not count it as refunded before it has succeeded.':
    '{sum}: auf dem Weg zurück; gilt erst als erstattet, wenn es gelungen ist.',
  'Access was taken away in Stripe.': 'Der Zugang wurde in Stripe entzogen.',
  'Stripe made a webhook endpoint but did not tell its secret. Set webhooks up by hand in the settings.':
    'Stripe hat einen Webhook-Endpunkt angelegt, aber seinen Schlüssel nicht genannt. Richten Sie Webhooks in den Einstellungen von Hand ein.',
  'Or make the webhook by hand: Configure > Webhooks says how.':
    'Oder legen Sie den Webhook von Hand an: Unter Einstellungen > Webhooks steht, wie.',
  'Paste the signing secret of the endpoint made by hand into the settings, or let it be set up by itself.':
    'Fügen Sie den Signaturschlüssel des von Hand angelegten Endpunkts in die Einstellungen ein, oder lassen Sie ihn von selbst einrichten.',
  'This is not an event of Stripe in the snapshot style. Set the endpoint up for snapshot events.':
    'Das ist kein Ereignis von Stripe in der Art „snapshot“. Richten Sie den Endpunkt für Snapshot-Ereignisse ein.',
  'This event of Stripe happened at a time that does not exist.':
    'Dieses Ereignis von Stripe geschah zu einer Zeit, die es nicht gibt.',
  'an amount': 'einen Betrag',
  'a status': 'einen Status',
  'a total': 'eine Summe',
  'event charge.succeeded': 'Zahlung gelungen',
  'event charge.failed': 'Zahlung fehlgeschlagen',
  'event charge.refunded': 'Zahlung erstattet',
  'event charge.captured': 'Zahlung eingezogen',
  'event charge.expired': 'Zahlung verfallen',
  'event charge.updated': 'Zahlung geändert',
  'event charge.dispute.created': 'Zahlung angefochten',
  'event charge.dispute.updated': 'Anfechtung geändert',
  'event charge.dispute.closed': 'Anfechtung abgeschlossen',
  'event refund.created': 'Erstattung begonnen',
  'event refund.updated': 'Erstattung geändert',
  'event refund.failed': 'Erstattung fehlgeschlagen',
  'event customer.created': 'Kunde angelegt',
  'event customer.updated': 'Kunde geändert',
  'event customer.deleted': 'Kunde gelöscht',
  'event customer.subscription.created': 'Abonnement begonnen',
  'event customer.subscription.updated': 'Abonnement geändert',
  'event customer.subscription.deleted': 'Abonnement beendet',
  'event customer.subscription.paused': 'Abonnement pausiert',
  'event customer.subscription.resumed': 'Abonnement fortgesetzt',
  'event invoice.payment_succeeded': 'Rechnung bezahlt',
  'event invoice.payment_failed': 'Zahlung einer Rechnung fehlgeschlagen',
  'event invoice.created': 'Rechnung angelegt',
  'event invoice.finalized': 'Rechnung gestellt',
  'event invoice.updated': 'Rechnung geändert',
  'event invoice.voided': 'Rechnung storniert',
  'event invoice.marked_uncollectible': 'Rechnung als uneinbringlich gekennzeichnet',
  'event invoice.deleted': 'Rechnung gelöscht',
  'event account.application.deauthorized': 'Zugang entzogen',
} as const;
