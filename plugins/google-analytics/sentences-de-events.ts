/** What the plugin says of events that are to be sent, in German. */
export const eventSentencesDe = {
  'An event': 'Ein Ereignis',
  'A parameter': 'Ein Parameter',
  'An event has at most {most} parameters; here are {count}.':
    'Ein Ereignis hat höchstens {most} Parameter; hier sind es {count}.',
  'An event has at most {most} items; here are {count}.': 'Ein Ereignis hat höchstens {most} Artikel; hier sind es {count}.',
  'Google needs this for {event}.': 'Google braucht das für {event}.',
  'Name the currency of the amount.': 'Nennen Sie die Währung des Betrags.',
  'Google keeps the name {name} for events of its own.': 'Google behält den Namen {name} eigenen Ereignissen vor.',
  'Google keeps this name for itself.': 'Google behält diesen Namen sich selbst vor.',
  '{what} must not begin with _, ga_, google_, firebase_ or gtag.; Google keeps these for itself.':
    '{what} darf nicht mit _, ga_, google_, firebase_ oder gtag. beginnen; das behält Google sich selbst vor.',
  '{what} is named with at most 40 letters, digits and underscores, a letter first.':
    '{what} heißt mit höchstens 40 Buchstaben, Ziffern und Unterstrichen, zuerst ein Buchstabe.',
  'A user property is named with at most 24 letters, digits and underscores, a letter first.':
    'Eine Nutzereigenschaft heißt mit höchstens 24 Buchstaben, Ziffern und Unterstrichen, zuerst ein Buchstabe.',
  'This must be a number.': 'Das muss eine Zahl sein.',
  'This must be a text or a number.': 'Das muss ein Text oder eine Zahl sein.',
  'A currency is three capital letters, such as EUR.': 'Eine Währung sind drei Großbuchstaben, zum Beispiel EUR.',
  'Google takes at most {most} characters here; there are {count}.':
    'Google nimmt hier höchstens {most} Zeichen; es sind {count}.',
  'Google takes at most 36 characters here.': 'Google nimmt hier höchstens 36 Zeichen.',
  'Google takes at most 25 user properties.': 'Google nimmt höchstens 25 Nutzereigenschaften.',
  'Give the number or the name of the item.': 'Geben Sie die Nummer oder den Namen des Artikels an.',
  'Give at least one event.': 'Geben Sie mindestens ein Ereignis an.',
  '(and {count} more)': '(und {count} weitere)',
  'Google Analytics would drop this without a word: {why}': 'Google Analytics würde das wortlos weglassen: {why}',
  'Google Analytics would drop this without a word: {why} (and {count} more)':
    'Google Analytics würde das wortlos weglassen: {why} (und {count} weitere)',
  'Use the visitor’s number from the cookie _ga, such as 1234567890.1700000000, and nothing personal.':
    'Nehmen Sie die Nummer des Besuchers aus dem Cookie _ga, etwa 1234567890.1700000000, und nichts Persönliches.',
  'Use the cookie _ga_… of the data stream, or the number of the session in it.':
    'Nehmen Sie das Cookie _ga_… des Datenstreams, oder die Nummer der Sitzung darin.',
  'Google forbids e-mail addresses and names here. Use your own number of the customer.':
    'Google verbietet hier E-Mail-Adressen und Namen. Nehmen Sie Ihre eigene Kundennummer.',
  'This moment does not exist.': 'Diesen Zeitpunkt gibt es nicht.',
  'Google takes events of the last 72 hours only.': 'Google nimmt nur Ereignisse der letzten 72 Stunden.',
  'This lies in the future.': 'Das liegt in der Zukunft.',
  'Google takes at most 130 kB at once. Send fewer items or shorter texts.':
    'Google nimmt höchstens 130 kB auf einmal. Senden Sie weniger Artikel oder kürzere Texte.',
  'Google takes events without saying whether it counts them. Reports > Realtime in Google Analytics shows them within a minute, or the API secret is wrong.':
    'Google nimmt Ereignisse, ohne zu sagen, ob es sie zählt. Reports > Realtime in Google Analytics zeigt sie binnen einer Minute, oder das API-Secret ist falsch.',
  'The event {event} is not among those this connection may send. Tick it under "Event tracking" in the settings.':
    'Das Ereignis {event} ist keines von denen, die diese Verbindung senden darf. Kreuzen Sie es in den Einstellungen unter „Welche Ereignisse“ an.',
  'This connection may send no events. Tick some under "Event tracking" in the settings.':
    'Diese Verbindung darf keine Ereignisse senden. Kreuzen Sie in den Einstellungen unter „Welche Ereignisse“ welche an.',
  'Nothing was recorded. Google does not check the API secret here.':
    'Es wurde nichts aufgezeichnet. Das API-Secret prüft Google hier nicht.',
  'User data is not sent over this connection. Switch on "Send hashed user data" in its settings first.':
    'Über diese Verbindung werden keine Nutzerdaten gesendet. Schalten Sie erst in ihren Einstellungen „Nutzerdaten als Fingerabdruck schicken“ ein.',
  'Google takes user data together with a user ID only.': 'Google nimmt Nutzerdaten nur zusammen mit einer Nutzer-ID.',
  'This is no e-mail address.': 'Das ist keine E-Mail-Adresse.',
  'Write the phone number with its country code: +15551234567.':
    'Schreiben Sie die Telefonnummer mit Landesvorwahl: +15551234567.',
} as const;
