/** What the forms of settings, of the operator and of actions say, in German. */
export const formsDe = {
  'The metadata of a payment that holds your order number; it is kept with the record as "order", and written with each refund.':
    'Der Metadaten-Name, unter dem eine Zahlung Ihre Bestellnummer trägt; sie steht beim Datensatz als „order“ und wird mit jeder Erstattung geschrieben.',
  'By hand: copy the "Address for changes" from the Details of this connection, make an endpoint for it under Developers > Webhooks, and paste its signing secret below.':
    'Von Hand: Kopieren Sie die „Adresse für Änderungen“ aus den Details dieser Verbindung, legen Sie dafür unter Developers > Webhooks einen Endpunkt an, und fügen Sie seinen Signaturschlüssel unten ein.',
  'Of an endpoint made by hand: Developers > Webhooks > the endpoint > Signing secret. Not needed otherwise.':
    'Eines von Hand angelegten Endpunkts: Developers > Webhooks > der Endpunkt > Signing secret. Sonst nicht nötig.',
  'A signing secret is "whsec_" and at least 20 letters and digits; copy all of it.':
    'Ein Signaturschlüssel ist „whsec_“ und mindestens 20 Buchstaben und Ziffern; kopieren Sie ihn ganz.',
  'Gives back all of a payment or a part of it. Money that came by bank may take days; the refund says so as it goes.':
    'Gibt eine Zahlung ganz oder zum Teil zurück. Geld, das über die Bank kam, kann Tage brauchen; die Erstattung sagt es unterwegs.',
  Payment: 'Zahlung',
  'A payment is named "ch_", "py_" or "pi_" and some letters and digits.':
    'Eine Zahlung heißt „ch_“, „py_“ oder „pi_“ und einige Buchstaben und Ziffern.',
  Amount: 'Betrag',
  Reason: 'Grund',
  'Kept with the refund.': 'Wird bei der Erstattung vermerkt.',
  'The customer asked for it': 'Der Kunde hat darum gebeten',
  'Paid twice': 'Doppelt bezahlt',
  Fraud: 'Betrug',
  'Your own; kept in the metadata.': 'Ihre eigene; steht in den Metadaten.',
  Metadata: 'Metadaten',
  'Names and values kept with it in Stripe, next to the order number.':
    'Namen und Werte, die in Stripe dabei stehen, neben der Bestellnummer.',
  Name: 'Name',
  'Square brackets cannot be part of a name.': 'Eckige Klammern können nicht im Namen stehen.',
  Value: 'Wert',
  'Ends a subscription at once or with the period that is paid for. Ended at once, it cannot be taken up again.':
    'Beendet ein Abonnement sofort oder mit dem bezahlten Zeitraum. Sofort beendet, kann es nicht wieder aufgenommen werden.',
  Subscription: 'Abonnement',
  'Its id in Stripe.': 'Seine ID in Stripe.',
  'Empty: all that is left.': 'Leer: alles, was übrig ist.',
  'A subscription is named "sub_" and some letters and digits.': 'Ein Abonnement heißt „sub_“ und einige Buchstaben und Ziffern.',
  When: 'Wann',
  'Empty: as the settings say.': 'Leer: wie in den Einstellungen.',
  'At once': 'Sofort',
  'With the period that is paid for': 'Mit dem bezahlten Zeitraum',
  'At once only. Empty: as the settings say.': 'Nur bei sofort. Leer: wie in den Einstellungen.',
  'Bill what is open': 'Offenes abrechnen',
  'At once only: a last invoice for usage and credits.': 'Nur bei sofort: eine letzte Rechnung für Verbrauch und Guthaben.',
  Why: 'Warum',
  'What the customer gave as the reason.': 'Was der Kunde als Grund genannt hat.',
  'Customer service': 'Kundendienst',
  Quality: 'Qualität',
  'Something is missing': 'Etwas fehlt',
  'Another reason': 'Ein anderer Grund',
  'Went to another service': 'Zu einem anderen Dienst gewechselt',
  'Too complicated': 'Zu kompliziert',
  'Too expensive': 'Zu teuer',
  'Not used': 'Nicht benutzt',
  Comment: 'Kommentar',
  'Kept with the subscription.': 'Wird beim Abonnement vermerkt.',
  'Takes a cancellation back while the period still runs.': 'Nimmt eine Kündigung zurück, solange der Zeitraum noch läuft.',
} as const;
