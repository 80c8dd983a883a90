import { keysGuide, oauthGuide } from './guide.ts';
import { formsDe } from './texts-de-forms.ts';

/** The plugin in German. */
export const de = {
  'Contacts, bookings and sales pipelines, kept in step both ways.':
    'Kontakte, Buchungen und Vertriebspipelines, in beide Richtungen abgeglichen.',
  'Sign in with LeadConnector': 'Mit LeadConnector anmelden',
  'Private integration token': 'Privates Integrations-Token',
  [oauthGuide]: `1. Drücken Sie unten auf die Schaltfläche und melden Sie sich bei LeadConnector an.
2. Wählen Sie den Standort (Unterkonto), mit dem dieser Shop arbeiten soll. Eine Verbindung ist ein Standort.
3. Lesen Sie, worum {{brand}} bittet, und drücken Sie **Allow**. Sie kommen von selbst hierher zurück.

Sie müssen Administrator des Standorts sein. Um einen zweiten Standort zu nutzen, verbinden Sie noch einmal und wählen ihn.`,
  [keysGuide]: `1. Öffnen Sie in LeadConnector den Standort, dann **Settings > Other Settings > Private Integrations**.
2. Drücken Sie **Create new integration**, nennen Sie es *{{brand}}* und kreuzen Sie diese Rechte an: View and Edit Contacts; View Calendars; View and Edit Calendar Events; View and Edit Opportunities; View Locations; View Custom Fields; View Tags; View Users.
3. Kopieren Sie das Token (es beginnt mit \`pit-\` und wird nur einmal gezeigt) in das erste Feld unten.
4. Kopieren Sie die **Location ID** aus **Settings > Business Profile** in das zweite.

Ein privates Token bringt Änderungen erst mit der nächsten Synchronisierung, außer die Marktplatz-App ist im Standort ebenfalls installiert. Erneuern Sie es alle 90 Tage: Legen Sie ein neues an, drücken Sie hier **Neu verbinden**, und löschen Sie dann das alte.
[Mehr über private Integrationen](https://help.leadconnectorhq.com/support/solutions/articles/155000002774)`,
  'Read your contacts, to show and sync them.': 'Ihre Kontakte lesen, um sie zu zeigen und zu synchronisieren.',
  'Create and update contacts and their tags when something happens in your store.':
    'Kontakte und ihre Tags anlegen und ändern, wenn in Ihrem Shop etwas geschieht.',
  'List your calendars and their free times.': 'Ihre Kalender und deren freie Zeiten nennen.',
  'Read appointments, to show and sync them.': 'Termine lesen, um sie zu zeigen und zu synchronisieren.',
  'Book, move and cancel appointments, and block times.': 'Termine buchen, verschieben und absagen, und Zeiten sperren.',
  'Read your pipelines and opportunities.': 'Ihre Pipelines und Verkaufschancen lesen.',
  'Create opportunities and change their status.': 'Verkaufschancen anlegen und ihren Status ändern.',
  'Show the name and time zone of the connected location.': 'Name und Zeitzone des verbundenen Standorts zeigen.',
  'Know the names of your custom fields.': 'Die Namen Ihrer eigenen Felder kennen.',
  'Offer your tags to choose from.': 'Ihre Tags zur Auswahl anbieten.',
  'Offer your team members to choose from.': 'Ihre Mitarbeiter zur Auswahl anbieten.',
  'Be told of messages as they are sent and received.': 'Von Nachrichten erfahren, sobald sie gesendet oder empfangen werden.',
  'Settings > Other Settings > Private Integrations, in the location. Shown once when you create it.':
    'Settings > Other Settings > Private Integrations, im Standort. Wird nur beim Anlegen gezeigt.',
  'A private integration token is "pit-" and 36 letters and digits in five groups; copy all of it.':
    'Ein privates Integrations-Token ist „pit-“ und 36 Buchstaben und Ziffern in fünf Gruppen; kopieren Sie es ganz.',
  'Location ID': 'Location ID (Standort)',
  'Settings > Business Profile, in the location.': 'Settings > Business Profile, im Standort.',
  'A Location ID is about 20 letters and digits, without spaces or dashes.':
    'Eine Location ID hat etwa 20 Buchstaben und Ziffern, ohne Leerzeichen und Striche.',
  'What to sync': 'Was synchronisiert wird',
  'Messages come in as they are sent. Everything else is copied by each sync and kept up to date in between.':
    'Nachrichten kommen, sobald sie gesendet werden. Alles andere kopiert jede Synchronisierung und wird dazwischen aktuell gehalten.',
  Contacts: 'Kontakte',
  Calendars: 'Kalender',
  Appointments: 'Termine',
  Opportunities: 'Verkaufschancen',
  Pipelines: 'Pipelines',
  Messages: 'Nachrichten',
  'Messages, as they come in': 'Nachrichten, sobald sie kommen',
  'Appointments of these calendars only. None chosen means all.':
    'Nur Termine dieser Kalender. Ist keiner ausgewählt, gelten alle.',
  'Default pipeline': 'Standard-Pipeline',
  'New opportunities go here unless told otherwise.': 'Neue Verkaufschancen kommen hierher, wenn nichts anderes gesagt ist.',
  'Tags for new contacts': 'Tags für neue Kontakte',
  'Added to every contact created from here, next to the tags it is given.':
    'Bekommt jeder Kontakt, der von hier aus angelegt wird, neben seinen eigenen Tags.',
  Direction: 'Richtung',
  'Which way data may travel over this connection.': 'In welche Richtung Daten über diese Verbindung fließen dürfen.',
  'Both ways': 'In beide Richtungen',
  'From LeadConnector only: nothing is changed there': 'Nur von LeadConnector: Dort wird nichts geändert',
  'To LeadConnector only: nothing is copied from there': 'Nur zu LeadConnector: Von dort wird nichts kopiert',
  'Create or update a contact': 'Kontakt anlegen oder ändern',
  'Create a contact': 'Kontakt anlegen',
  'Update a contact': 'Kontakt ändern',
  'Look up a contact': 'Kontakt nachschlagen',
  'Add tags to a contact': 'Tags zu einem Kontakt hinzufügen',
  'Remove tags from a contact': 'Tags von einem Kontakt entfernen',
  'List calendars': 'Kalender auflisten',
  'Find free slots': 'Freie Zeiten finden',
  'Book an appointment': 'Termin buchen',
  'Move an appointment': 'Termin verschieben',
  'Cancel an appointment': 'Termin absagen',
  'Block a time': 'Zeit sperren',
  'Create an opportunity': 'Verkaufschance anlegen',
  'Change an opportunity’s status': 'Status einer Verkaufschance ändern',
  'First name': 'Vorname',
  'Last name': 'Nachname',
  Email: 'E-Mail',
  Phone: 'Telefon',
  'With country code: +15551234567.': 'Mit Ländervorwahl: +15551234567.',
  Company: 'Firma',
  Street: 'Straße',
  City: 'Ort',
  State: 'Bundesland',
  'Postal code': 'Postleitzahl',
  Country: 'Land',
  Website: 'Website',
  'Time zone': 'Zeitzone',
  'Such as America/Chicago.': 'Zum Beispiel America/Chicago.',
  Source: 'Herkunft',
  'Where the contact came from.': 'Woher der Kontakt kam.',
  'Assigned to': 'Zuständig',
  'Do not disturb': 'Nicht stören',
  'Custom fields': 'Eigene Felder',
  'Contact ID': 'Kontakt-ID',
  'Team member': 'Mitarbeiter',
  'Reads the calendars as they are now.': 'Liest die Kalender, wie sie jetzt sind.',
  'Free times of a calendar, at most 31 days at once.': 'Freie Zeiten eines Kalenders, höchstens 31 Tage auf einmal.',
  'Nobody can book it. Choose a calendar or a team member, not both.':
    'Niemand kann sie buchen. Wählen Sie einen Kalender oder einen Mitarbeiter, nicht beides.',
  'Books a time in a calendar for a contact.': 'Bucht für einen Kontakt eine Zeit in einem Kalender.',
  'Moves an appointment to another time.': 'Verschiebt einen Termin auf eine andere Zeit.',
  'It stays in the calendar, marked as cancelled.': 'Er bleibt im Kalender, als abgesagt markiert.',
  'Reads one contact as it is now.': 'Liest einen Kontakt, wie er jetzt ist.',
  'Refused when a contact with this email or phone exists and the location forbids duplicates.':
    'Wird abgelehnt, wenn es einen Kontakt mit dieser E-Mail oder diesem Telefon gibt und der Standort Doppelte verbietet.',
  'Changes the fields you fill in and leaves the others.': 'Ändert die Felder, die Sie ausfüllen, und lässt die anderen.',
  'Finds the contact by email or phone, as the location’s rule for duplicates says, and creates it if there is none.':
    'Findet den Kontakt nach E-Mail oder Telefon, wie es die Regel des Standorts für Doppelte sagt, und legt ihn an, wenn es keinen gibt.',
  'Adds tags to a contact; the others stay.': 'Fügt einem Kontakt Tags hinzu; die anderen bleiben.',
  'Takes tags off a contact; the others stay.': 'Entfernt Tags von einem Kontakt; die anderen bleiben.',
  'Puts a new opportunity into a pipeline.': 'Legt eine neue Verkaufschance in eine Pipeline.',
  'Marks an opportunity open, won, lost or abandoned.':
    'Markiert eine Verkaufschance als offen, gewonnen, verloren oder aufgegeben.',
  '{count} Contacts': '{count, plural, one {# Kontakt} other {# Kontakte}}',
  '{count} Appointments': '{count, plural, one {# Termin} other {# Termine}}',
  '{count} Calendars': '{count, plural, one {# Kalender} other {# Kalender}}',
  '{count} Messages': '{count, plural, one {# Nachricht} other {# Nachrichten}}',
  '{count} Opportunities': '{count, plural, one {# Verkaufschance} other {# Verkaufschancen}}',
  '{count} Pipelines': '{count, plural, one {# Pipeline} other {# Pipelines}}',
  ...formsDe,
} as const;
