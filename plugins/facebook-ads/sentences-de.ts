/** What the plugin says while it runs, in German. */
export const sentencesDe = {
  'Connected to {account}, {adAccounts} and {pages}.': 'Verbunden mit {account}, {adAccounts} und {pages}.',
  '1 ad account': '1 Werbekonto',
  '{count} ad accounts': '{count} Werbekonten',
  '1 page': '1 Seite',
  '{count} pages': '{count} Seiten',
  'This login reaches no ad account; ask for a role on one.':
    'Diese Anmeldung erreicht kein Werbekonto; bitten Sie um eine Rolle in einem.',
  'Not active at Facebook: {names}.': 'Bei Facebook nicht aktiv: {names}.',
  'The access token ends on {day}: generate another one, then reconnect with it.':
    'Das Zugriffstoken endet am {day}: Erzeugen Sie ein neues, und verbinden Sie dann damit neu.',
  'Choose the ad accounts of this store: until then all {count} that the login reaches are read.':
    'Wählen Sie die Werbekonten dieses Shops: Bis dahin werden alle {count} gelesen, die die Anmeldung erreicht.',
  'Choose ad accounts': 'Werbekonten wählen',
  'Choose the pages of this store: until then leads of all {count} that the login reaches come in.':
    'Wählen Sie die Seiten dieses Shops: Bis dahin kommen Leads aller {count} herein, die die Anmeldung erreicht.',
  'Choose pages': 'Seiten wählen',
  'Try again.': 'Versuchen Sie es noch einmal.',
  'Try again in a moment.': 'Versuchen Sie es gleich noch einmal.',
  'Try again in a minute.': 'Versuchen Sie es in einer Minute noch einmal.',
  'Connect again.': 'Verbinden Sie neu.',
  'It is asked again later.': 'Es wird später noch einmal gefragt.',
  'Facebook answered without a list.': 'Facebook hat ohne Liste geantwortet.',
  'Facebook repeated a page of a list instead of going on. Try again in a few minutes.':
    'Facebook hat ein Stück einer Liste wiederholt, statt fortzufahren. Versuchen Sie es in ein paar Minuten noch einmal.',
  'Facebook did not answer with this ad account.': 'Facebook hat nicht mit diesem Werbekonto geantwortet.',
  'Facebook did not say who logged in.': 'Facebook hat nicht gesagt, wer sich angemeldet hat.',
  'Facebook did not say what this token is.': 'Facebook hat nicht gesagt, was dieses Token ist.',
  'Facebook gives no access to this page. Ask for a task on the page, then connect again.':
    'Facebook gibt keinen Zugang zu dieser Seite. Bitten Sie um eine Aufgabe auf der Seite, und verbinden Sie dann neu.',
  'Facebook does not give the data of this page to this login. Ask for a task on the page, then try again.':
    'Facebook gibt die Daten dieser Seite nicht an diese Anmeldung. Bitten Sie um eine Aufgabe auf der Seite, und versuchen Sie es dann noch einmal.',
  'This login no longer reaches the {what} {ids}. Choose again in the connection’s settings, or ask for access in Business Settings.':
    'Diese Anmeldung erreicht nicht mehr: {what} {ids}. Wählen Sie in den Einstellungen der Verbindung neu, oder bitten Sie in den Business Settings um Zugang.',
  'ad account': 'Werbekonto',
  page: 'Seite',
  campaign: 'Kampagne',
  'ad set': 'Anzeigengruppe',
  ad: 'Anzeige',
  'Facebook sent one of the {what} of {account} without an id.':
    'Facebook hat in {account} einen Datensatz ({what}) ohne ID gesendet.',
  'Reading ads was not allowed, and nothing works without it. Connect again and leave every permission ticked.':
    'Anzeigen zu lesen wurde nicht erlaubt, und ohne das geht nichts. Verbinden Sie noch einmal und lassen Sie alle Berechtigungen angekreuzt.',
  'Facebook does not accept this access token. Generate a new one.':
    'Facebook nimmt dieses Zugriffstoken nicht an. Erzeugen Sie ein neues.',
  'This token was made with the app {own}, not with {given}. Give that app’s ID and secret.':
    'Dieses Token wurde mit der App {own} erzeugt, nicht mit {given}. Geben Sie ID und Geheimnis jener App an.',
  'The token does not reach this ad account. Assign the ad account to the system user, or correct the ID.':
    'Das Token erreicht dieses Werbekonto nicht. Weisen Sie das Werbekonto dem Systemnutzer zu, oder berichtigen Sie die ID.',
  'App ID and app secret do not belong together. Copy both from the same app.':
    'App-ID und App-Geheimnis gehören nicht zusammen. Kopieren Sie beide aus derselben App.',
  'Copy the secret of this app.': 'Kopieren Sie das Geheimnis dieser App.',
  'Give the App ID and the app secret together, or neither of them.':
    'Geben Sie App-ID und App-Geheimnis zusammen an, oder keines von beiden.',
  'The app this token was made with accepts calls with its secret only. Give the App ID and the app secret as well.':
    'Die App, mit der dieses Token erzeugt wurde, nimmt nur Abfragen mit ihrem Geheimnis an. Geben Sie auch App-ID und App-Geheimnis an.',
  'The app secret does not belong to the app this token was made with. Copy both from the same app.':
    'Das App-Geheimnis gehört nicht zu der App, mit der dieses Token erzeugt wurde. Kopieren Sie beide aus derselben App.',
  'Give the app secret.': 'Geben Sie das App-Geheimnis an.',
  'Copy the secret of the token’s app.': 'Kopieren Sie das Geheimnis der App des Tokens.',
  'Facebook could not answer so much at once. It is asked for less at the next attempt.':
    'Facebook konnte nicht so viel auf einmal beantworten. Beim nächsten Versuch wird nach weniger gefragt.',
  'Facebook limits how often this account may be read. It goes on by itself.':
    'Facebook begrenzt, wie oft dieses Konto gelesen werden darf. Es geht von selbst weiter.',
  'The app was removed from this Facebook login. Connect again to allow it.':
    'Die App wurde aus dieser Facebook-Anmeldung entfernt. Verbinden Sie neu, um sie zu erlauben.',
  'Facebook wants this login to confirm something. Log in at facebook.com once, then connect again.':
    'Facebook möchte, dass diese Anmeldung etwas bestätigt. Melden Sie sich einmal bei facebook.com an, und verbinden Sie dann neu.',
  'The password of this Facebook login was changed, which ends its connections.':
    'Das Passwort dieser Facebook-Anmeldung wurde geändert; damit enden ihre Verbindungen.',
  'This connection has reached its end: Facebook ends a login after about 60 days, a token at the end chosen for it.':
    'Diese Verbindung ist an ihrem Ende: Facebook beendet eine Anmeldung nach etwa 60 Tagen, ein Token zu dem Ende, das dafür gewählt wurde.',
  'This Facebook login is not confirmed. Confirm it at facebook.com, then connect again.':
    'Diese Facebook-Anmeldung ist nicht bestätigt. Bestätigen Sie sie bei facebook.com, und verbinden Sie dann neu.',
  'Facebook does not accept this login or token, or no longer. Check that a token was copied whole, or connect again.':
    'Facebook nimmt diese Anmeldung oder dieses Token nicht oder nicht mehr an. Prüfen Sie, ob ein Token ganz kopiert ist, oder verbinden Sie neu.',
  'Facebook does not allow this to the login{because} Connect again and allow every permission, or ask for access to the ad account or page in Business Settings.':
    'Facebook erlaubt das der Anmeldung nicht{because} Verbinden Sie noch einmal und erlauben Sie alles, oder bitten Sie in den Business Settings um Zugang zum Werbekonto oder zur Seite.',
  'Facebook has trouble at the moment.': 'Facebook hat im Moment Schwierigkeiten.',
  'Facebook does not have this, or not for this login.': 'Facebook hat das nicht, oder nicht für diese Anmeldung.',
  'Facebook blocks this for now, as it looks like misuse{because}':
    'Facebook sperrt das vorerst, weil es nach Missbrauch aussieht{because}',
  'Facebook no longer answers the version of its API this plugin speaks. Update the plugin.':
    'Facebook beantwortet die Version seiner API, die dieses Plugin spricht, nicht mehr. Aktualisieren Sie das Plugin.',
  'The sign-in took too long or was used twice. Start the connection again.':
    'Die Anmeldung hat zu lange gedauert oder wurde zweimal benutzt. Beginnen Sie das Verbinden noch einmal.',
  'Facebook refused this{because}': 'Facebook hat das abgelehnt{because}',
  'Facebook does not know this hub’s app, or not with this secret. The operator must check both.':
    'Facebook kennt die App dieses Hubs nicht, oder nicht mit diesem Geheimnis. Der Betreiber muss beide prüfen.',
  'The page {name} does not give its leads to this login.': 'Die Seite {name} gibt ihre Leads nicht an diese Anmeldung.',
  'Ask for access to its leads, or choose other pages in the settings.':
    'Bitten Sie um Zugang zu ihren Leads, oder wählen Sie in den Einstellungen andere Seiten.',
  'This campaign has neither a name nor an id.': 'Diese Kampagne hat weder Namen noch ID.',
  'This row of figures lacks its days or its currency.': 'Dieser Zeile von Zahlen fehlen ihre Tage oder ihre Währung.',
  'Facebook, without an ad': 'Facebook, ohne Anzeige',
  'Facebook Ads: {campaign}': 'Facebook Ads: {campaign}',
  'The settings of this connection do not allow this. Tick it under "What it may change" first.':
    'Die Einstellungen dieser Verbindung erlauben das nicht. Kreuzen Sie es erst unter „Was sie ändern darf“ an.',
  'Facebook did not confirm the change of this {what}.': 'Facebook hat die Änderung nicht bestätigt ({what}).',
  'Facebook did not say which test lead it made. Look into the form’s leads.':
    'Facebook hat nicht gesagt, welchen Test-Lead es angelegt hat. Sehen Sie in den Leads des Formulars nach.',
  'None of the chosen pages has this lead form. Choose one from the list.':
    'Keine der gewählten Seiten hat dieses Lead-Formular. Wählen Sie eines aus der Liste.',
  'Choose a form of these pages.': 'Wählen Sie ein Formular dieser Seiten.',
  'Facebook did not begin the report it was asked for.': 'Facebook hat den verlangten Bericht nicht begonnen.',
  'Facebook is still preparing the report ({percent} %). The sync goes on when it is ready.':
    'Facebook bereitet den Bericht noch vor ({percent} %). Die Synchronisierung geht weiter, wenn er fertig ist.',
  'Facebook cannot prepare the figures of a single day. Choose figures for each campaign, or do not split them.':
    'Facebook kann die Zahlen eines einzelnen Tages nicht vorbereiten. Wählen Sie Zahlen je Kampagne, oder teilen Sie sie nicht auf.',
  'Facebook did not say how far a report is.': 'Facebook hat nicht gesagt, wie weit ein Bericht ist.',
  'This is not a message about a page: {"object":"page","entry":[…]} was expected.':
    'Das ist keine Meldung über eine Seite: Erwartet wurde {"object":"page","entry":[…]}.',
  'event leadgen': 'Neuer Lead',
} as const;
