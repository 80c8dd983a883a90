import { ACKNOWLEDGEMENT } from './acknowledgement.ts';

/** What the forms of settings, of the operator and of actions say, in German. */
export const formsDe = {
  'begins with "G-", followed by 6 to 12 capital letters and digits. Numbers alone are the property.':
    'beginnt mit „G-“, danach 6 bis 12 Großbuchstaben und Ziffern. Zahlen allein sind die Property.',
  'is about 22 letters, digits, dashes and underscores; copy the secret value, not its name.':
    'besteht aus etwa 22 Buchstaben, Ziffern, Strichen und Unterstrichen; kopieren Sie den Wert, nicht den Namen.',
  Property: 'Property',
  'Whose reports are read. Not needed when your Google account sees one property only.':
    'Deren Berichte gelesen werden. Nicht nötig, wenn Ihr Google-Konto nur eine Property sieht.',
  'is a number of 6 to 12 digits (Admin > Property details), not the measurement ID.':
    'ist eine Zahl aus 6 bis 12 Ziffern (Admin > Property details), nicht die Mess-ID.',
  'What to sync': 'Was synchronisiert wird',
  'Reports are copied day by day.': 'Berichte werden Tag für Tag kopiert.',
  Properties: 'Propertys',
  'Settings of the property': 'Einstellungen der Property',
  'Data streams': 'Datenstreams',
  'Key events': 'Schlüsselereignisse',
  'Traffic by source, medium and campaign': 'Verkehr nach Quelle, Medium und Kampagne',
  'Landing pages': 'Einstiegsseiten',
  'Conversions: key events by source': 'Conversions: Schlüsselereignisse nach Quelle',
  'Items viewed and sold': 'Artikel, angesehen und verkauft',
  'Transactions, to compare with your orders': 'Transaktionen, zum Vergleich mit Ihren Bestellungen',
  'Conversions are read for these. None chosen means all key events of the property.':
    'Für diese werden Conversions gelesen. Ist keines ausgewählt, gelten alle Schlüsselereignisse der Property.',
  'Days to read again': 'Tage, die noch einmal gelesen werden',
  'Google goes on working at its figures for some days. Each sync reads this many days again.':
    'Google arbeitet noch einige Tage an seinen Zahlen. Jede Synchronisierung liest so viele Tage noch einmal.',
  'Days of history': 'Tage der Vorgeschichte',
  'How far back the first sync of a property goes.': 'Wie weit die erste Synchronisierung einer Property zurückreicht.',
  'Currency of reports': 'Währung der Berichte',
  'Three letters, such as EUR. Empty: the currency of the property.':
    'Drei Buchstaben, etwa EUR. Leer: die Währung der Property.',
  'is three capital letters, such as EUR.': 'besteht aus drei Großbuchstaben, etwa EUR.',
  'Data stream for events': 'Datenstream für Ereignisse',
  'Where events go. Not needed with keys, nor when the property has one website only.':
    'Wohin Ereignisse gehen. Nicht nötig mit Schlüsseln, und wenn die Property nur eine Website hat.',
  'begins with "G-", followed by 6 to 12 capital letters and digits.':
    'beginnt mit „G-“, danach 6 bis 12 Großbuchstaben und Ziffern.',
  'API secret for events': 'API-Secret für Ereignisse',
  'Only to use another secret than the first one of the data stream. Not needed with keys.':
    'Nur um ein anderes Secret als das erste des Datenstreams zu benutzen. Nicht nötig mit Schlüsseln.',
  'is about 22 letters, digits, dashes and underscores.': 'besteht aus etwa 22 Buchstaben, Ziffern, Strichen und Unterstrichen.',
  'Event tracking': 'Welche Ereignisse',
  'Which events may be sent. Others are refused, so that nothing is counted twice by mistake.':
    'Welche Ereignisse geschickt werden dürfen. Andere werden abgelehnt, damit nichts versehentlich doppelt zählt.',
  Purchases: 'Käufe',
  Refunds: 'Erstattungen',
  'Additions to the cart': 'In den Warenkorb gelegt',
  'Begun checkouts': 'Begonnene Bezahlvorgänge',
  'Items viewed': 'Angesehene Artikel',
  Leads: 'Leads',
  Registrations: 'Registrierungen',
  Logins: 'Anmeldungen',
  'Any other event': 'Jedes andere Ereignis',
  'Where events are collected': 'Wo Ereignisse gesammelt werden',
  'Choose the European Union when your consent texts promise that data is collected there.':
    'Wählen Sie die Europäische Union, wenn Ihre Einwilligungstexte versprechen, dass Daten dort gesammelt werden.',
  Anywhere: 'Überall',
  'European Union': 'Europäische Union',
  'Consent: user data for advertising': 'Einwilligung: Nutzerdaten für Werbung',
  'Sent with events that do not say it themselves.': 'Geht mit Ereignissen mit, die es nicht selbst sagen.',
  'Say nothing: the tag on your website decides': 'Nichts sagen: Das Tag auf Ihrer Website entscheidet',
  Granted: 'Erteilt',
  Denied: 'Verweigert',
  'Consent: audiences and personalised ads': 'Einwilligung: Zielgruppen und personalisierte Werbung',
  'Denied keeps those who sent an event out of audiences for advertising.':
    '„Verweigert“ hält, wer ein Ereignis schickte, aus Zielgruppen für Werbung heraus.',
  'Send hashed user data': 'Nutzerdaten als Fingerabdruck schicken',
  'E-mail address, phone and name as fingerprints (SHA-256), so that Google recognises its users. Switch it on in Google Analytics first: Admin > Data collection > User-provided data.':
    'E-Mail-Adresse, Telefon und Name als Fingerabdrücke (SHA-256), damit Google seine Nutzer erkennt. Schalten Sie es zuerst in Google Analytics ein: Admin > Data collection > User-provided data.',
  'Keep event data for': 'Ereignisdaten behalten',
  'Your preference. Syncs tell when Google Analytics differs; "Change data retention" sets it there. More than 14 months need Analytics 360.':
    'Ihr Wunsch. Synchronisierungen sagen, wenn Google Analytics davon abweicht; „Aufbewahrung der Daten ändern“ setzt es dort. Mehr als 14 Monate brauchen Analytics 360.',
  'As it is in Google Analytics': 'Wie in Google Analytics',
  '2 months': '2 Monate',
  '14 months': '14 Monate',
  '26 months': '26 Monate',
  '38 months': '38 Monate',
  '50 months': '50 Monate',
  'Keep user data for': 'Nutzerdaten behalten',
  'Your preference, as above, for data that belongs to a user.': 'Ihr Wunsch, wie oben, für Daten, die zu einem Nutzer gehören.',
  'Client ID': 'Client-ID',
  'Google Cloud console > Google Auth Platform > Clients > your web application.':
    'Google Cloud console > Google Auth Platform > Clients > Ihre Webanwendung.',
  'Client secret': 'Client-Secret',
  'On the same page; it begins with GOCSPX-.': 'Auf derselben Seite; es beginnt mit GOCSPX-.',
  'Property settings': 'Einstellungen der Property',
  'Tells Google Analytics of an order. The same order number is counted once, whoever tells it, and how often.':
    'Meldet Google Analytics eine Bestellung. Dieselbe Bestellnummer zählt einmal, wer immer sie meldet und wie oft.',
  'Order number': 'Bestellnummer',
  'The same as in the tag on your website: Google counts each order number once.':
    'Dieselbe wie im Tag auf Ihrer Website: Google zählt jede Bestellnummer einmal.',
  Amount: 'Betrag',
  'What the order is worth, as your tag on the website counts it: 59.90.':
    'Was die Bestellung wert ist, wie Ihr Tag auf der Website es zählt: 59.90.',
  Currency: 'Währung',
  'Three letters, such as EUR. Needed wherever there is an amount.': 'Drei Buchstaben, etwa EUR. Nötig, wo ein Betrag steht.',
  Tax: 'Steuer',
  'In it.': 'Darin enthalten.',
  Shipping: 'Versand',
  Coupon: 'Gutschein',
  'Of the whole order.': 'Der ganzen Bestellung.',
  Customer: 'Kunde',
  'Does somebody buy for the first time?': 'Kauft jemand zum ersten Mal?',
  New: 'Neu',
  Returning: 'Kommt wieder',
  Items: 'Artikel',
  'Each with its number or its name.': 'Jeder mit Nummer oder Namen.',
  'Item number (SKU)': 'Artikelnummer (SKU)',
  Name: 'Name',
  Brand: 'Marke',
  Category: 'Kategorie',
  Variant: 'Variante',
  'Price of one': 'Einzelpreis',
  Quantity: 'Menge',
  'Discount on one': 'Rabatt je Stück',
  'Visitor (client ID)': 'Besucher (Client-ID)',
  'From the cookie _ga of the visitor’s browser: GA1.1.1234567890.1700000000, or its last two numbers. Keep it with the order.':
    'Aus dem Cookie _ga im Browser des Besuchers: GA1.1.1234567890.1700000000, oder seine letzten beiden Zahlen. Bewahren Sie sie mit der Bestellung auf.',
  'User ID': 'Nutzer-ID',
  'Your own number of a signed-in customer. Never an e-mail address or a name.':
    'Ihre eigene Nummer eines angemeldeten Kunden. Nie eine E-Mail-Adresse oder ein Name.',
  Session: 'Sitzung',
  'From the cookie _ga_… of your data stream, whole or its number. Without it Google cannot tell where the visit came from.':
    'Aus dem Cookie _ga_… Ihres Datenstreams, ganz oder seine Nummer. Ohne sie kann Google nicht sagen, woher der Besuch kam.',
  'When it happened': 'Wann es geschah',
  'At most 72 hours ago; empty: now.': 'Vor höchstens 72 Stunden; leer: jetzt.',
  'Empty: as in the settings.': 'Leer: wie in den Einstellungen.',
  Email: 'E-Mail',
  'Sent as a fingerprint, where the settings allow it.': 'Geht als Fingerabdruck mit, wo die Einstellungen es erlauben.',
  Phone: 'Telefon',
  'With country code: +15551234567. Sent as a fingerprint.': 'Mit Ländervorwahl: +15551234567. Geht als Fingerabdruck mit.',
  'First name': 'Vorname',
  'Sent as a fingerprint.': 'Geht als Fingerabdruck mit.',
  'Last name': 'Nachname',
  'Street and number': 'Straße und Hausnummer',
  City: 'Stadt',
  'Sent with the name only.': 'Geht nur mit dem Namen mit.',
  'State or region': 'Bundesland oder Region',
  'Postal code': 'Postleitzahl',
  Country: 'Land',
  'Two letters: US.': 'Zwei Buchstaben: US.',
  'is two capital letters, such as US.': 'besteht aus zwei Großbuchstaben, etwa US.',
  'Only check': 'Nur prüfen',
  'Ask Google’s validation server what is wrong with it. Nothing is recorded.':
    'Googles Prüfserver fragen, was daran falsch ist. Nichts wird aufgezeichnet.',
  'Tells Google Analytics that an order, or some of its items, was paid back. Sent twice, it counts twice.':
    'Meldet Google Analytics, dass eine Bestellung oder einige ihrer Artikel erstattet wurden. Zweimal geschickt, zählt es zweimal.',
  'Of the order that is paid back.': 'Der Bestellung, die erstattet wird.',
  'What is paid back; empty with no items: the whole order.': 'Was erstattet wird; leer und ohne Artikel: die ganze Bestellung.',
  'What was given back; empty: the whole order.': 'Was zurückgegeben wurde; leer: die ganze Bestellung.',
  'Tells Google Analytics that something happened, as the tag on your website would. It cannot be taken back.':
    'Meldet Google Analytics, dass etwas geschah, wie es das Tag auf Ihrer Website täte. Es lässt sich nicht zurücknehmen.',
  Event: 'Ereignis',
  'Such as generate_lead, sign_up, add_to_cart, or a name of your own.':
    'Etwa generate_lead, sign_up, add_to_cart oder ein eigener Name.',
  'In whole units and their parts: 59.90.': 'In ganzen Einheiten und ihren Teilen: 59.90.',
  Parameters: 'Parameter',
  'What else Google should know of the event.': 'Was Google sonst vom Ereignis wissen soll.',
  Value: 'Wert',
  'A number': 'Eine Zahl',
  'User properties': 'Eigenschaften des Nutzers',
  'What Google should keep of the visitor; at most 24 characters a name, 36 a value.':
    'Was Google vom Besucher behalten soll; höchstens 24 Zeichen je Name, 36 je Wert.',
  'Tells Google Analytics of up to 250 things that happened. They cannot be taken back.':
    'Meldet Google Analytics bis zu 250 Dinge, die geschahen. Sie lassen sich nicht zurücknehmen.',
  Events: 'Ereignisse',
  'They go out in bundles of up to 25, one visitor at a time.':
    'Sie gehen in Bündeln von bis zu 25 hinaus, ein Besucher nach dem anderen.',
  'As in a web address: method=email&plan=gold.': 'Wie in einer Webadresse: method=email&plan=gold.',
  'Visitors and events of the last 30 minutes, as Realtime in Google Analytics shows them. Changes nothing.':
    'Besucher und Ereignisse der letzten 30 Minuten, wie Realtime in Google Analytics sie zeigt. Ändert nichts.',
  'Counts an event of the property as a key event (a conversion) from now on.':
    'Zählt ein Ereignis der Property ab jetzt als Schlüsselereignis (Conversion).',
  'Its name, such as sign_up.': 'Sein Name, etwa sign_up.',
  'Count it': 'Zählen',
  'Each time, or once for each visit.': 'Jedes Mal, oder einmal je Besuch.',
  'Each time': 'Jedes Mal',
  'Once for each visit': 'Einmal je Besuch',
  'Makes the secret that events are sent with, for the data stream in the settings. It is used from then on.':
    'Legt das Secret an, mit dem Ereignisse geschickt werden, für den Datenstream der Einstellungen. Es gilt von da an.',
  'I agree': 'Ich stimme zu',
  'How Google Analytics lists it.': 'Wie Google Analytics es auflistet.',
  'Sets how long Google Analytics keeps data of the property. Shorter times delete what is older, for good.':
    'Setzt, wie lange Google Analytics Daten der Property behält. Kürzere Zeiten löschen Älteres endgültig.',
  'Empty: as the settings prefer.': 'Leer: wie in den Einstellungen gewünscht.',
  'Begin anew with each visit': 'Mit jedem Besuch neu beginnen',
  'A user’s time begins again whenever they come back.': 'Die Zeit eines Nutzers beginnt von vorn, sooft er wiederkommt.',
  'Asks Google whether the property can make each report that is synced. Changes nothing.':
    'Fragt Google, ob die Property jeden synchronisierten Bericht liefern kann. Ändert nichts.',
  [`Google asks you to say: "${ACKNOWLEDGEMENT}"`]: `Google bittet Sie, auf Englisch zu sagen: „${ACKNOWLEDGEMENT}“`,
} as const;
