import { keysGuide, oauthGuide } from './guide.ts';
import { formsDe } from './texts-de-forms.ts';

/** The plugin in German. */
export const de = {
  'Your audience, its consent and tags, and how your campaigns did.':
    'Ihre Zielgruppe mit Einwilligungen und Tags, und wie Ihre Kampagnen gelaufen sind.',
  'Sign in with Mailchimp': 'Mit Mailchimp anmelden',
  'API key': 'API-Schlüssel',
  [oauthGuide]: `1. Drücken Sie unten auf die Schaltfläche und melden Sie sich bei Mailchimp an.
2. Wenn Sie zu mehreren Konten gehören, wählen Sie das, mit dem dieser Shop arbeiten soll.
3. Drücken Sie **Allow**. Sie kommen von selbst hierher zurück.
4. Wählen Sie in den Einstellungen eine Zielgruppe. Von da an werden Änderungen darin sofort gemeldet.

Mailchimp kennt keinen Teilzugang: {{brand}} darf, was Sie dort dürfen; melden Sie sich deshalb mit der Rolle *Admin* oder *Manager* an. Der Zugang bleibt, bis Sie ihn in Mailchimp unter **Account & billing > Extras > Registered apps** entfernen.`,
  [keysGuide]: `1. Öffnen Sie in Mailchimp **Ihr Bild > Account & billing > Extras > API keys**.
2. Drücken Sie **Create a key**, nennen Sie ihn *{{brand}}* und kopieren Sie ihn sofort: Nur jetzt wird er ganz gezeigt.
3. Fügen Sie ihn unten ein, mit allem, was hinter seinem letzten Strich steht (zum Beispiel \`us19\`).
4. Wählen Sie in den Einstellungen eine Zielgruppe. Von da an werden Änderungen darin sofort gemeldet.

Ein Schlüssel öffnet das ganze Konto und läuft nicht ab. Um ihn zu ersetzen, legen Sie einen neuen an, drücken hier **Neu verbinden** und schalten dann den alten in Mailchimp ab.
[Mehr über API-Schlüssel](https://mailchimp.com/help/about-api-keys/)`,
  'Account & billing > Extras > API keys. Shown in full only once.':
    'Account & billing > Extras > API keys. Wird nur einmal ganz gezeigt.',
  'Server prefix': 'Server-Präfix',
  'Leave it empty: it is the end of the key. Only a key that does not end in one needs it.':
    'Lassen Sie es leer: Es ist das Ende des Schlüssels. Nur ein Schlüssel, der nicht so endet, braucht es.',
  Audiences: 'Zielgruppen',
  Contacts: 'Kontakte',
  Tags: 'Tags',
  'Audience fields': 'Felder der Zielgruppe',
  Campaigns: 'Kampagnen',
  'Campaign reports': 'Kampagnenberichte',
  Audience: 'Zielgruppe',
  'The audience this store writes to and hears from. Until one is chosen, contacts of all audiences are read.':
    'Die Zielgruppe, in die dieser Shop schreibt und von der er hört. Bis eine gewählt ist, werden Kontakte aller Zielgruppen gelesen.',
  'What to sync': 'Was synchronisiert wird',
  'Read by each sync; contacts, campaigns and reports are also kept up to date in between.':
    'Wird von jeder Synchronisierung gelesen; Kontakte, Kampagnen und Berichte bleiben auch dazwischen aktuell.',
  'Reported at once': 'Sofort gemeldet',
  'What Mailchimp tells this store as it happens in the audience. Everything else comes with the next sync.':
    'Was Mailchimp diesem Shop sofort meldet, wenn es in der Zielgruppe geschieht. Alles andere kommt mit der nächsten Synchronisierung.',
  'Somebody subscribes': 'Jemand meldet sich an',
  'Somebody unsubscribes or is removed': 'Jemand meldet sich ab oder wird entfernt',
  'A profile changes': 'Ein Profil ändert sich',
  'An email address changes': 'Eine E-Mail-Adresse ändert sich',
  'An address is cleaned (it bounces)': 'Eine Adresse wird bereinigt (unzustellbar)',
  'A campaign is sent or cancelled': 'Eine Kampagne wird gesendet oder abgebrochen',
  'Look up a contact': 'Kontakt nachschlagen',
  'Unsubscribe a contact': 'Kontakt abmelden',
  'Add tags': 'Tags hinzufügen',
  'Remove tags': 'Tags entfernen',
  'Ask to subscribe again': 'Um erneute Anmeldung bitten',
  'Archive a contact': 'Kontakt archivieren',
  'Delete a contact for good': 'Kontakt endgültig löschen',
  'Add or update a contact': 'Kontakt hinzufügen oder ändern',
  'Add or update many contacts': 'Viele Kontakte hinzufügen oder ändern',
  'Send an event': 'Ereignis senden',
  '{count} Contacts': '{count, plural, one {# Kontakt} other {# Kontakte}}',
  '{count} Audience fields': '{count, plural, one {# Feld der Zielgruppe} other {# Felder der Zielgruppe}}',
  '{count} Audiences': '{count, plural, one {# Zielgruppe} other {# Zielgruppen}}',
  '{count} Campaign reports': '{count, plural, one {# Kampagnenbericht} other {# Kampagnenberichte}}',
  '{count} Campaigns': '{count, plural, one {# Kampagne} other {# Kampagnen}}',
  '{count} Tags': '{count, plural, one {# Tag} other {# Tags}}',
  ...formsDe,
} as const;
