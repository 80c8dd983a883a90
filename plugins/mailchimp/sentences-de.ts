/** What the plugin says while it runs, in German. */
export const sentencesDe = {
  'Connected to {account}, {contacts} in {audience}.': 'Verbunden mit {account}, {contacts} in {audience}.',
  '1 contact': '1 Kontakt',
  '{count} contacts': '{count} Kontakte',
  '1 audience': '1 Zielgruppe',
  '{count} audiences': '{count} Zielgruppen',
  'the audience {name}': 'der Zielgruppe {name}',
  'Choose an audience in the settings, to write to it and to hear of changes at once.':
    'Wählen Sie in den Einstellungen eine Zielgruppe, um in sie zu schreiben und von Änderungen sofort zu hören.',
  'Choose the audience of this store: until then nothing is written to Mailchimp, and changes come with syncs only.':
    'Wählen Sie die Zielgruppe dieses Shops: Bis dahin wird nichts in Mailchimp geschrieben, und Änderungen kommen nur mit der Synchronisierung.',
  'Choose an audience': 'Zielgruppe wählen',
  'Try again in a minute.': 'Versuchen Sie es in einer Minute noch einmal.',
  'Try again in a moment.': 'Versuchen Sie es gleich noch einmal.',
  'Try again.': 'Versuchen Sie es noch einmal.',
  'Mailchimp answered without a list of {what}.': 'Mailchimp hat ohne die Liste {what} geantwortet.',
  'Mailchimp answered without the contact.': 'Mailchimp hat ohne den Kontakt geantwortet.',
  'Mailchimp answered with a contact without an id.': 'Mailchimp hat mit einem Kontakt ohne ID geantwortet.',
  'Mailchimp did not answer with the account.': 'Mailchimp hat nicht mit dem Konto geantwortet.',
  'Mailchimp did not say on which server this account lives. Connect again.':
    'Mailchimp hat nicht gesagt, auf welchem Server dieses Konto liegt. Verbinden Sie noch einmal.',
  'Mailchimp sent it without an id or a name.': 'Mailchimp hat es ohne ID oder Namen gesendet.',
  'Mailchimp did not say whether it reports changes. Save the settings once more.':
    'Mailchimp hat nicht gesagt, ob es Änderungen meldet. Speichern Sie die Einstellungen noch einmal.',
  'Mailchimp cannot reach this hub, so changes come with syncs only. Those who run the hub must make its address reachable from outside (PUBLIC_URL); then save the settings once more.':
    'Mailchimp erreicht diesen Hub nicht, Änderungen kommen deshalb nur mit der Synchronisierung. Wer den Hub betreibt, muss seine Adresse von außen erreichbar machen (PUBLIC_URL); speichern Sie dann die Einstellungen noch einmal.',
  'No audience is chosen. Choose one in the settings of this connection, or name one.':
    'Es ist keine Zielgruppe gewählt. Wählen Sie eine in den Einstellungen dieser Verbindung, oder nennen Sie eine.',
  'Choose an audience.': 'Wählen Sie eine Zielgruppe.',
  'The audience chosen in the settings no longer exists in Mailchimp. Choose another one.':
    'Die in den Einstellungen gewählte Zielgruppe gibt es in Mailchimp nicht mehr. Wählen Sie eine andere.',
  'No tag is named.': 'Es ist kein Tag genannt.',
  'Name at least one.': 'Nennen Sie mindestens eines.',
  'There is no contact in the list.': 'In der Liste ist kein Kontakt.',
  'This person is not in the audience. Add them first.': 'Diese Person ist nicht in der Zielgruppe. Fügen Sie sie erst hinzu.',
  'This moment does not exist.': 'Diesen Zeitpunkt gibt es nicht.',
  'Choose one that exists.': 'Wählen Sie einen, den es gibt.',
  'Mailchimp takes an address with street, city, state and postal code only. Fill in all four, or none.':
    'Mailchimp nimmt eine Adresse nur mit Straße, Ort, Bundesland und Postleitzahl. Füllen Sie alle vier aus, oder keines.',
  'Needed for an address.': 'Wird für eine Adresse gebraucht.',
  'Mailchimp did not say what became of these contacts. Sync them before you send them again.':
    'Mailchimp hat nicht gesagt, was aus diesen Kontakten wurde. Synchronisieren Sie, bevor Sie sie noch einmal senden.',
  'Mailchimp gave no reason.': 'Mailchimp nannte keinen Grund.',
  'The two addresses differ; nothing was deleted.': 'Die beiden Adressen sind verschieden; es wurde nichts gelöscht.',
  'Write the same address.': 'Schreiben Sie dieselbe Adresse.',
  'This person is not in the audience and has not agreed to get mail. Say that they did, or allow people without consent in the settings.':
    'Diese Person ist nicht in der Zielgruppe und hat dem Empfang nicht zugestimmt. Geben Sie an, dass sie es hat, oder erlauben Sie in den Einstellungen Personen ohne Einwilligung.',
  'Needed for somebody new.': 'Wird für jemand Neues gebraucht.',
  'This API key belongs to the server {own}, but the server prefix says {given}.':
    'Dieser API-Schlüssel gehört zum Server {own}, das Server-Präfix sagt aber {given}.',
  'The key belongs to the server {own}: leave this empty, or use a key of {given}.':
    'Der Schlüssel gehört zum Server {own}: Lassen Sie dies leer, oder nehmen Sie einen Schlüssel von {given}.',
  'This API key does not end in a dash and a server prefix (…-us19). Copy all of it.':
    'Dieser API-Schlüssel endet nicht mit einem Strich und einem Server-Präfix (…-us19). Kopieren Sie ihn ganz.',
  'Copy the whole key, with what stands behind its dash.':
    'Kopieren Sie den ganzen Schlüssel, mit dem, was hinter seinem Strich steht.',
  'Mailchimp does not accept this access: the API key is wrong or disabled, or the app was removed there. Connect again.':
    'Mailchimp nimmt diesen Zugang nicht an: Der API-Schlüssel ist falsch oder abgeschaltet, oder die App wurde dort entfernt. Verbinden Sie neu.',
  'This credential belongs to another Mailchimp account by now. Reconnect with one of this account.':
    'Diese Zugangsdaten gehören inzwischen zu einem anderen Mailchimp-Konto. Verbinden Sie mit denen dieses Kontos neu.',
  'Mailchimp does not have this{because}': 'Mailchimp hat das nicht{because}',
  'Mailchimp takes no more calls just now.': 'Mailchimp nimmt gerade keine weiteren Abfragen an.',
  'This Mailchimp account or user is switched off{because}': 'Dieses Mailchimp-Konto oder sein Nutzer ist abgeschaltet{because}',
  'Mailchimp does not allow this{because}': 'Mailchimp erlaubt das nicht{because}',
  'Mailchimp does not allow this{because} The user who connected may lack the role for it.':
    'Mailchimp erlaubt das nicht{because} Wer verbunden hat, hat vielleicht nicht die nötige Rolle.',
  'Mailchimp refused this{because}': 'Mailchimp hat das abgelehnt{because}',
  'This address is in the audience already. Use "Add or update a contact".':
    'Diese Adresse ist schon in der Zielgruppe. Nehmen Sie „Kontakt hinzufügen oder ändern“.',
  'This person unsubscribed, bounced or was removed for compliance, and cannot be subscribed from here. Use "Ask to subscribe again": Mailchimp then sends them a mail to confirm.':
    'Diese Person hat sich abgemeldet, war unzustellbar oder wurde aus rechtlichen Gründen entfernt und kann von hier nicht angemeldet werden. Nehmen Sie „Um erneute Anmeldung bitten“: Mailchimp sendet ihr dann eine Mail zur Bestätigung.',
  'This address was deleted for good and cannot be added from here; the person has to sign up on a Mailchimp form.':
    'Diese Adresse wurde endgültig gelöscht und kann von hier nicht hinzugefügt werden; die Person muss sich über ein Formular von Mailchimp anmelden.',
  'Mailchimp takes this address for fake or invalid. Check it for typing errors.':
    'Mailchimp hält diese Adresse für falsch oder ungültig. Prüfen Sie sie auf Tippfehler.',
  'Check the address.': 'Prüfen Sie die Adresse.',
  'This is not an event of Mailchimp: a form with a type and data was expected.':
    'Das ist kein Ereignis von Mailchimp: Erwartet wurde ein Formular mit Typ und Daten.',
  'event subscribe': 'Angemeldet',
  'event unsubscribe': 'Abgemeldet',
  'event profile': 'Profil geändert',
  'event upemail': 'E-Mail-Adresse geändert',
  'event cleaned': 'Adresse bereinigt (unzustellbar)',
  'event campaign': 'Kampagne gesendet oder abgebrochen',
} as const;
