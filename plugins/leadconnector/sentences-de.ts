/** What the plugin says while it runs, in German. */
export const sentencesDe = {
  'Connected to {location}, {contacts}.': 'Verbunden mit {location}, {contacts}.',
  '1 contact': '1 Kontakt',
  '{count} contacts': '{count} Kontakte',
  'Try again in a minute.': 'Versuchen Sie es in einer Minute noch einmal.',
  'Try again in a moment.': 'Versuchen Sie es gleich noch einmal.',
  'Try again.': 'Versuchen Sie es noch einmal.',
  'LeadConnector answered without a list of {what}.': 'LeadConnector hat ohne die Liste {what} geantwortet.',
  'LeadConnector answered a search for {what} without a list. The sync goes on at the next attempt.':
    'LeadConnector hat auf eine Suche ({what}) ohne Liste geantwortet. Die Synchronisierung geht beim nächsten Versuch weiter.',
  'More than {count} {what} changed in the same instant and LeadConnector gave no cursor to go on.':
    'Mehr als {count} ({what}) haben sich im selben Augenblick geändert, und LeadConnector gab nichts, womit es weiterginge.',
  'LeadConnector sent a record without an id.': 'LeadConnector hat einen Datensatz ohne ID gesendet.',
  'LeadConnector did not answer with this location.': 'LeadConnector hat nicht mit diesem Standort geantwortet.',
  'LeadConnector did not say how many contacts there are.': 'LeadConnector hat nicht gesagt, wie viele Kontakte es gibt.',
  'LeadConnector did not say which location was chosen. Connect again and choose one.':
    'LeadConnector hat nicht gesagt, welcher Standort gewählt wurde. Verbinden Sie noch einmal und wählen Sie einen.',
  'You connected a whole agency. Connect again and choose one location (sub-account).':
    'Sie haben eine ganze Agentur verbunden. Verbinden Sie noch einmal und wählen Sie einen Standort (Unterkonto).',
  'LeadConnector knows no location with this ID. Copy it again.':
    'LeadConnector kennt keinen Standort mit dieser ID. Kopieren Sie sie noch einmal.',
  'The token does not belong to this location. Use the token and the Location ID of the same location.':
    'Das Token gehört nicht zu diesem Standort. Nehmen Sie Token und Location ID desselben Standorts.',
  'Use the Location ID of the location the token was made in.':
    'Nehmen Sie die Location ID des Standorts, in dem das Token angelegt wurde.',
  'The token lacks a scope this needs. Add the scopes named in the guide, then connect again.':
    'Dem Token fehlt ein Recht, das dafür nötig ist. Ergänzen Sie die Rechte aus der Anleitung, und verbinden Sie dann neu.',
  'This token is for a whole agency. Connect with one made in the location (sub-account) itself.':
    'Dieses Token gilt für eine ganze Agentur. Verbinden Sie mit einem, das im Standort (Unterkonto) selbst angelegt wurde.',
  'The private integration token is not valid, or no longer. Create a new one and connect with it.':
    'Das private Token gilt nicht oder nicht mehr. Legen Sie ein neues an und verbinden Sie damit.',
  'LeadConnector no longer accepts this connection. Connect it again.':
    'LeadConnector nimmt diese Verbindung nicht mehr an. Verbinden Sie neu.',
  'LeadConnector no longer accepts the version of its API this plugin speaks. Update the plugin.':
    'LeadConnector nimmt die Version seiner API, die dieses Plugin spricht, nicht mehr an. Aktualisieren Sie das Plugin.',
  'This location is suspended in LeadConnector. Ask whoever runs the account to activate it.':
    'Dieser Standort ist in LeadConnector gesperrt. Bitten Sie, wer das Konto betreibt, ihn zu aktivieren.',
  'LeadConnector takes no more calls for this location today. It goes on by itself.':
    'LeadConnector nimmt für diesen Standort heute keine Aufrufe mehr an. Es geht von selbst weiter.',
  'LeadConnector does not allow this{because}': 'LeadConnector erlaubt das nicht{because}',
  'LeadConnector does not have this{because}': 'LeadConnector hat das nicht{because}',
  'LeadConnector refused this{because}': 'LeadConnector hat das abgelehnt{because}',
  'Contact {id} already has this {field}. Update that contact, or use "Create or update a contact".':
    'Der Kontakt {id} hat schon dieses Merkmal ({field}). Ändern Sie jenen Kontakt, oder nehmen Sie „Kontakt anlegen oder ändern“.',
  'email or phone': 'E-Mail oder Telefon',
  email: 'E-Mail',
  phone: 'Telefon',
  'This connection only reads from LeadConnector. Change its direction in the settings to write there.':
    'Diese Verbindung liest nur aus LeadConnector. Ändern Sie ihre Richtung in den Einstellungen, um dorthin zu schreiben.',
  'This connection only sends to LeadConnector. Change its direction in the settings to sync from there.':
    'Diese Verbindung sendet nur an LeadConnector. Ändern Sie ihre Richtung in den Einstellungen, um von dort zu synchronisieren.',
  'LeadConnector accepted this but did not say under which id. Look it up there before you try again.':
    'LeadConnector hat das angenommen, aber nicht gesagt, unter welcher ID. Sehen Sie dort nach, bevor Sie es noch einmal versuchen.',
  'A custom field is written as its name or id, "=", and the value.':
    'Ein eigenes Feld wird als Name oder ID, „=“ und Wert geschrieben.',
  'Write it as field=value.': 'Schreiben Sie es als Feld=Wert.',
  'Several custom fields are called {name}.': 'Mehrere eigene Felder heißen {name}.',
  'Give the id of the one you mean, or its key.': 'Nennen Sie die ID des gemeinten oder seinen Schlüssel.',
  'LeadConnector has no custom field called {name}.': 'LeadConnector hat kein eigenes Feld namens {name}.',
  'There are: {names}.': 'Es gibt: {names}.',
  'There are no custom fields yet; add them in LeadConnector first.':
    'Es gibt noch keine eigenen Felder; legen Sie sie zuerst in LeadConnector an.',
  'A custom field is an id and a value.': 'Ein eigenes Feld ist eine ID und ein Wert.',
  'Give it as {"id": …, "value": …}.': 'Geben Sie es als {"id": …, "value": …} an.',
  'Some of these fields cannot be written to LeadConnector.':
    'Einige dieser Felder können nicht nach LeadConnector geschrieben werden.',
  'Only {fields} can be changed.': 'Nur {fields} können geändert werden.',
  'This cannot be emptied from here; empty it in LeadConnector.':
    'Das lässt sich von hier nicht leeren; leeren Sie es in LeadConnector.',
  'This moment does not exist.': 'Diesen Zeitpunkt gibt es nicht.',
  'Choose a date and time that exist.': 'Wählen Sie einen Tag und eine Uhrzeit, die es gibt.',
  'The end must be after the start.': 'Das Ende muss nach dem Beginn liegen.',
  'Choose a time after the start.': 'Wählen Sie eine Zeit nach dem Beginn.',
  'Free slots can be asked for 31 days at once.': 'Freie Zeiten können für 31 Tage auf einmal abgefragt werden.',
  'Choose a time at most 31 days after the start.': 'Wählen Sie eine Zeit höchstens 31 Tage nach dem Beginn.',
  'Choose a calendar or a team member, not both.': 'Wählen Sie einen Kalender oder ein Teammitglied, nicht beides.',
  'Fill in this or the team member.': 'Füllen Sie dies oder das Teammitglied aus.',
  'Blocked {when}.': 'Gesperrt: {when}.',
  'Booked for {when}.': 'Gebucht: {when}.',
  'Moved to {when}.': 'Verschoben auf: {when}.',
  'Cancelled. It stays in the calendar, marked as cancelled.':
    'Abgesagt. Der Termin bleibt im Kalender, als abgesagt gekennzeichnet.',
  'No pipeline was chosen. Name one here, or choose a default pipeline in the settings.':
    'Es wurde keine Pipeline gewählt. Nennen Sie hier eine, oder wählen Sie in den Einstellungen eine, die sonst gilt.',
  'Choose a pipeline.': 'Wählen Sie eine Pipeline.',
  'The app was uninstalled in LeadConnector.': 'Die App wurde in LeadConnector deinstalliert.',
  'This is not an event of LeadConnector: a JSON object with a type was expected.':
    'Das ist kein Ereignis von LeadConnector: Erwartet wurde ein JSON-Objekt mit einem Typ.',
  'event ContactCreate': 'Kontakt angelegt',
  'event ContactUpdate': 'Kontakt geändert',
  'event ContactDelete': 'Kontakt gelöscht',
  'event ContactDndUpdate': '„Nicht stören“ eines Kontakts geändert',
  'event ContactTagUpdate': 'Tags eines Kontakts geändert',
  'event AppointmentCreate': 'Termin gebucht',
  'event AppointmentUpdate': 'Termin geändert',
  'event AppointmentDelete': 'Termin gelöscht',
  'event OpportunityCreate': 'Verkaufschance angelegt',
  'event OpportunityUpdate': 'Verkaufschance geändert',
  'event OpportunityDelete': 'Verkaufschance gelöscht',
  'event OpportunityStageUpdate': 'Phase einer Verkaufschance geändert',
  'event OpportunityStatusUpdate': 'Status einer Verkaufschance geändert',
  'event OpportunityAssignedToUpdate': 'Zuständige einer Verkaufschance geändert',
  'event OpportunityMonetaryValueUpdate': 'Wert einer Verkaufschance geändert',
  'event InboundMessage': 'Nachricht eingegangen',
  'event OutboundMessage': 'Nachricht gesendet',
  'event INSTALL': 'App installiert',
  'event UNINSTALL': 'App deinstalliert',
} as const;
