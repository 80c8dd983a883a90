/** What the plugin says while it runs, in German. */
export const sentencesDe = {
  'Connected as {login}, which sees {properties}. Choose one in the settings.':
    'Verbunden als {login}; sichtbar: {properties}. Wählen Sie eine in den Einstellungen.',
  'Connected to {property} as {login}; {details}.': 'Verbunden mit {property} als {login}; {details}.',
  '1 property': '1 Property',
  '{count} properties': '{count} Propertys',
  'amounts in {currency}': 'Beträge in {currency}',
  'days in {zone}': 'Tage in der Zeitzone {zone}',
  'Google takes events for {stream}. It does not check the API secret here: send an event and look at Realtime in Google Analytics. Reports are not read with these keys.':
    'Google nimmt Ereignisse für {stream} an. Das API-Secret prüft es hier nicht: Senden Sie ein Ereignis und sehen Sie in Google Analytics unter Realtime nach. Berichte werden mit diesen Schlüsseln nicht gelesen.',
  'Choose the property whose reports are to be read: until then there are none.':
    'Wählen Sie die Property, deren Berichte gelesen werden sollen: Bis dahin gibt es keine.',
  'Choose a property': 'Property wählen',
  'Google account {id}': 'Google-Konto {id}',
  'Try again in a minute.': 'Versuchen Sie es in einer Minute noch einmal.',
  'Try again in a moment.': 'Versuchen Sie es gleich noch einmal.',
  'Try again later.': 'Versuchen Sie es später noch einmal.',
  'It is asked again later.': 'Es wird später noch einmal gefragt.',
  'Google did not say whose account this is.': 'Google hat nicht gesagt, wessen Konto das ist.',
  '{email} sees no property in Google Analytics. Sign in with another Google account, or ask for access to the property first.':
    '{email} sieht in Google Analytics keine Property. Melden Sie sich mit einem anderen Google-Konto an, oder bitten Sie erst um Zugang zur Property.',
  'The measurement ID is missing.': 'Die Mess-ID fehlt.',
  'Google Analytics lists no property for this Google account.': 'Google Analytics nennt keine Property für dieses Google-Konto.',
  'Google Analytics answered without a list of {what}.': 'Google Analytics hat ohne die Liste {what} geantwortet.',
  'Google Analytics repeats a page of {what}.': 'Google Analytics wiederholt ein Stück der Liste {what}.',
  'Google Analytics did not answer with this property.': 'Google Analytics hat nicht mit dieser Property geantwortet.',
  'Choose a property in the settings of this connection, then sync again.':
    'Wählen Sie in den Einstellungen dieser Verbindung eine Property, und synchronisieren Sie dann noch einmal.',
  'Choose a property in the settings of this connection first.':
    'Wählen Sie erst eine Property in den Einstellungen dieser Verbindung.',
  'Choose a property in the settings of this connection: its data stream takes the events.':
    'Wählen Sie in den Einstellungen dieser Verbindung eine Property: Ihr Datenstream nimmt die Ereignisse.',
  'Google Analytics answered without a report. The sync goes on at the next attempt.':
    'Google Analytics hat ohne Bericht geantwortet. Die Synchronisierung geht beim nächsten Versuch weiter.',
  'it has no name': 'der Name fehlt',
  'it has no day, or not all of its columns': 'der Tag fehlt, oder einige der Spalten',
  'This row has no day or no figures.': 'Diese Zeile hat keinen Tag oder keine Zahlen.',
  'Google may have withheld rows of few visitors (data thresholds).':
    'Google hat vielleicht Zeilen mit wenigen Besuchern zurückgehalten (Datenschwellen).',
  'Google added rare rows up as "(other)"{how}.': 'Google hat seltene Zeilen als „(other)“ zusammengezählt{how}.',
  'Google added rare rows up as "(other)".': 'Google hat seltene Zeilen als „(other)“ zusammengezählt.',
  ': 1 such row': ': 1 solche Zeile',
  ': {count} such rows': ': {count} solche Zeilen',
  'Google estimated figures from {share}% of the events (sampling).':
    'Google hat Zahlen aus {share} % der Ereignisse geschätzt (Stichprobe).',
  'The connected Google account may not see {figures}; these are left out or zero.':
    'Das verbundene Google-Konto darf diese Zahlen nicht sehen: {figures}; sie fehlen oder sind null.',
  'Google cut the report short.': 'Google hat den Bericht gekürzt.',
  'The property has no key events, so that there are no conversions. Mark some in Google Analytics (Admin > Events).':
    'Die Property hat keine Schlüsselereignisse, also gibt es keine Conversions. Kennzeichnen Sie welche in Google Analytics (Admin > Events).',
  'Google Analytics did not say how long it keeps data.': 'Google Analytics hat nicht gesagt, wie lange es Daten behält.',
  'Google Analytics keeps {what} for {is}, your settings prefer {wanted}; "Change data retention" sets it there.':
    'Google Analytics behält {what} {is} lang, Ihre Einstellungen wünschen {wanted}; „Datenaufbewahrung ändern“ stellt es dort ein.',
  'event data': 'Ereignisdaten',
  'user data': 'Nutzerdaten',
  '{count} months': '{count} Monate',
  'a time of its own': 'eine eigene Zeit',
  'Google Analytics does not have this (any more): {why}': 'Google Analytics hat das nicht (mehr): {why}',
  'Google Analytics has a problem on its side just now; it is asked again in some minutes.':
    'Google Analytics hat im Moment selbst ein Problem; in einigen Minuten wird wieder gefragt.',
  'Google no longer accepts this connection: access was removed in the Google account, or not used for six months. Connect it again. If it ends each week, those who run this hub must publish its app at Google.':
    'Google nimmt diese Verbindung nicht mehr an: Der Zugang wurde im Google-Konto entfernt oder sechs Monate nicht benutzt. Verbinden Sie neu. Endet sie jede Woche, muss, wer diesen Hub betreibt, dessen App bei Google veröffentlichen.',
  'This was not allowed when the connection was made. Connect again and leave every box on Google’s page ticked.':
    'Das wurde beim Verbinden nicht erlaubt. Verbinden Sie noch einmal und lassen Sie auf der Seite von Google alles angekreuzt.',
  'Those who run this hub must switch on {api} in the Google Cloud project of its app: tell them, then try again.':
    'Die Betreiber dieses Hubs müssen {api} im Google-Cloud-Projekt ihrer App einschalten: Sagen Sie es ihnen, und versuchen Sie es dann noch einmal.',
  'the Google Analytics APIs': 'die APIs von Google Analytics',
  'The connected Google account may not do this with the property (any more). Give it access in Google Analytics (Admin > Property access management), or choose another property in the settings.':
    'Das verbundene Google-Konto darf das mit der Property nicht (mehr). Geben Sie ihm in Google Analytics Zugang (Admin > Property access management), oder wählen Sie in den Einstellungen eine andere Property.',
  'Google Analytics is answering too many reports of this property at once.':
    'Google Analytics beantwortet gerade zu viele Berichte dieser Property auf einmal.',
  'The property has used up what Google Analytics answers in a day; it goes on after midnight in California.':
    'Die Property hat aufgebraucht, was Google Analytics am Tag beantwortet; nach Mitternacht in Kalifornien geht es weiter.',
  'The property has used up what Google Analytics answers in an hour; it goes on with the next one.':
    'Die Property hat aufgebraucht, was Google Analytics in einer Stunde beantwortet; in der nächsten geht es weiter.',
  'Google Analytics takes no more calls just now.': 'Google Analytics nimmt gerade keine weiteren Abfragen an.',
  'Google Analytics cannot make this report for the property: {why}':
    'Google Analytics kann diesen Bericht für die Property nicht machen: {why}',
  'Google Analytics refused this: {why}': 'Google Analytics hat das abgelehnt: {why}',
  'it gave no reason.': 'ein Grund wurde nicht genannt.',
  'no reason given': 'ohne Angabe eines Grundes',
  'The validation server of Google Analytics did not answer as documented.':
    'Der Prüfserver von Google Analytics hat nicht geantwortet, wie es beschrieben ist.',
  'Google Analytics does not take events with these keys: {why}':
    'Google Analytics nimmt mit diesen Schlüsseln keine Ereignisse an: {why}',
  'The property has several websites. Choose the data stream for events in the settings of this connection.':
    'Die Property hat mehrere Websites. Wählen Sie in den Einstellungen dieser Verbindung den Datenstream für Ereignisse.',
  'The property has no website {which}. Choose another data stream or property in the settings.':
    'Die Property hat keine solche Website ({which}). Wählen Sie in den Einstellungen einen anderen Datenstream oder eine andere Property.',
  'that takes events': 'die Ereignisse nimmt',
  'The data stream has no API secret yet. Use "Create an API secret" here, or create one in Google Analytics (Admin > Data streams > Measurement Protocol API secrets).':
    'Der Datenstream hat noch kein API-Secret. Nehmen Sie hier „API-Secret anlegen“, oder legen Sie eines in Google Analytics an (Admin > Data streams > Measurement Protocol API secrets).',
  'Google makes a secret only for those who agree to this.': 'Google legt ein Secret nur für die an, die dem zustimmen.',
  'Nothing to change: choose a time here, or a preference in the settings.':
    'Nichts zu ändern: Wählen Sie hier eine Zeit, oder einen Wunsch in den Einstellungen.',
} as const;
