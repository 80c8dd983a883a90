/** What the forms of settings, of the operator and of actions say, in German. */
export const formsDe = {
  'must be 32 letters and digits, a dash, and the server prefix (…-us19); copy all of it':
    'muss aus 32 Buchstaben und Ziffern, einem Strich und dem Server-Präfix bestehen (…-us19); kopieren Sie ihn ganz',
  'must be letters and digits such as us19': 'muss aus Buchstaben und Ziffern bestehen, etwa us19',
  'Reporting window in days': 'Berichtszeitraum in Tagen',
  'Each sync reads the campaigns and reports of so many days again, as figures go on changing. Older ones are kept.':
    'Jede Synchronisierung liest Kampagnen und Berichte so vieler Tage noch einmal, da sich Zahlen noch ändern. Ältere bleiben.',
  Fields: 'Felder',
  'Which field of the audience holds what this store knows of a person. Empty: it is neither written nor read.':
    'Welches Feld der Zielgruppe enthält, was dieser Shop von einer Person weiß. Leer: Es wird weder geschrieben noch gelesen.',
  'First name': 'Vorname',
  'Last name': 'Nachname',
  Phone: 'Telefon',
  Company: 'Firma',
  Birthday: 'Geburtstag',
  Address: 'Adresse',
  'Write contacts without required fields': 'Kontakte ohne Pflichtfelder schreiben',
  'The audience may require fields that this store does not always know. On: the contact is written all the same.':
    'Die Zielgruppe kann Felder verlangen, die dieser Shop nicht immer kennt. Ein: Der Kontakt wird trotzdem geschrieben.',
  'Tags for every contact': 'Tags für jeden Kontakt',
  'Given to each contact added or updated from here, next to the tags it is told.':
    'Bekommt jeder Kontakt, der von hier aus angelegt oder geändert wird, neben den Tags, die ihm genannt werden.',
  'Tags under another name': 'Tags unter anderem Namen',
  'Where a tag of this store is called differently in Mailchimp. Tags not named here keep their name.':
    'Wo ein Tag dieses Shops in Mailchimp anders heißt. Tags, die hier nicht stehen, behalten ihren Namen.',
  'Tag in this store': 'Tag in diesem Shop',
  'Tag in Mailchimp': 'Tag in Mailchimp',
  'Opt-in of new contacts': 'Anmeldung neuer Kontakte',
  'How somebody who agreed to your newsletter is added. Somebody who is there already keeps the status they have.':
    'Wie aufgenommen wird, wer Ihrem Newsletter zugestimmt hat. Wer schon da ist, behält seinen Status.',
  'As the audience is set up in Mailchimp': 'Wie die Zielgruppe in Mailchimp eingestellt ist',
  'Double: Mailchimp sends a mail to confirm': 'Doppelt: Mailchimp schickt eine E-Mail zur Bestätigung',
  'Single: subscribed at once': 'Einfach: sofort angemeldet',
  'Add people who have not opted in': 'Auch aufnehmen, wer nicht zugestimmt hat',
  'As transactional contacts: they get receipts, no marketing. Off: only contacts that exist are updated.':
    'Als Transaktionskontakte: Sie bekommen Belege, keine Werbung. Aus: Nur vorhandene Kontakte werden geändert.',
  Automations: 'Automatisierungen',
  'Whether tags and events sent from here may start automations (customer journeys) in Mailchimp.':
    'Ob Tags und Ereignisse, die von hier aus geschickt werden, in Mailchimp Automatisierungen (Customer Journeys) starten dürfen.',
  'All tags and events may start them': 'Alle Tags und Ereignisse dürfen sie starten',
  'Only the tags and events named below': 'Nur die unten genannten Tags und Ereignisse',
  'None: what is sent counts as a sync': 'Keine: Was geschickt wird, gilt als Synchronisierung',
  'Tags that start automations': 'Tags, die Automatisierungen starten',
  'Used when only chosen ones may.': 'Gilt, wenn nur ausgewählte dürfen.',
  'Events that start automations': 'Ereignisse, die Automatisierungen starten',
  'Used when only chosen ones may: one name on each line, such as order_placed.':
    'Gilt, wenn nur ausgewählte dürfen: ein Name pro Zeile, etwa order_placed.',
  'Client ID': 'Client-ID',
  'Of your app in Mailchimp: Account & billing > Extras > Registered apps.':
    'Ihrer App in Mailchimp: Account & billing > Extras > Registered apps.',
  'Client secret': 'Client-Secret',
  'Shown once when the app is registered.': 'Wird nur beim Registrieren der App gezeigt.',
  'Adds a contact to the audience or updates the one with this address. The status of a contact that exists is never changed.':
    'Nimmt einen Kontakt in die Zielgruppe auf oder ändert den mit dieser Adresse. Der Status eines vorhandenen Kontakts wird nie geändert.',
  'Email address': 'E-Mail-Adresse',
  'Of the contact. Capitals do not matter.': 'Des Kontakts. Groß- und Kleinschreibung ist gleich.',
  Consent: 'Einwilligung',
  'What this person did. It decides how they are added; who is there already keeps the status they have.':
    'Was diese Person getan hat. Es entscheidet, wie sie aufgenommen wird; wer schon da ist, behält seinen Status.',
  'Agreed to get the newsletter': 'Hat dem Newsletter zugestimmt',
  'Has not agreed (a customer, say)': 'Hat nicht zugestimmt (etwa eine Kundin)',
  'Goes where the settings say.': 'Kommt dorthin, wo die Einstellungen es sagen.',
  'Month and day, such as 03/14.': 'Monat und Tag, etwa 03/14.',
  'must be written as MM/DD': 'muss als MM/TT geschrieben sein',
  Street: 'Straße',
  'Part of the postal address.': 'Teil der Postanschrift.',
  'Street, second line': 'Straße, zweite Zeile',
  City: 'Stadt',
  'State or province': 'Bundesland oder Provinz',
  'Postal code': 'Postleitzahl',
  Country: 'Land',
  'Further fields': 'Weitere Felder',
  'Values for fields of the audience.': 'Werte für Felder der Zielgruppe.',
  'Added to the tags the contact has, together with those of the settings.':
    'Kommen zu den Tags des Kontakts hinzu, zusammen mit denen der Einstellungen.',
  Interests: 'Interessen',
  'Groups the contact joins; others stay as they are.': 'Gruppen, denen der Kontakt beitritt; andere bleiben, wie sie sind.',
  Language: 'Sprache',
  'Code such as en or de.': 'Kürzel wie en oder de.',
  VIP: 'VIP',
  'Marks the contact as VIP.': 'Kennzeichnet den Kontakt als VIP.',
  'IP at sign-up': 'IP bei der Anmeldung',
  'Evidence of where consent was given.': 'Nachweis, wo die Einwilligung gegeben wurde.',
  'Empty: the audience of the settings.': 'Leer: die Zielgruppe der Einstellungen.',
  'Reads a contact as it is in Mailchimp now; changes nothing there.':
    'Liest einen Kontakt, wie er jetzt in Mailchimp ist; ändert dort nichts.',
  'Adds tags to a contact; the tags it has stay. Whether this may start automations is in the settings.':
    'Fügt einem Kontakt Tags hinzu; seine Tags bleiben. Ob das Automatisierungen starten darf, steht in den Einstellungen.',
  'By name. One that does not exist yet is made.': 'Beim Namen. Einer, den es noch nicht gibt, wird angelegt.',
  'Takes tags from a contact; its other tags stay.': 'Entfernt Tags von einem Kontakt; seine anderen bleiben.',
  'Tells Mailchimp what a contact did (an order, a booking), which may start an automation there.':
    'Sagt Mailchimp, was ein Kontakt getan hat (eine Bestellung, eine Buchung); das kann dort eine Automatisierung starten.',
  Event: 'Ereignis',
  'Its name, by which automations know it.': 'Sein Name, an dem Automatisierungen es erkennen.',
  'must be 2 to 30 letters, digits and underscores': 'muss aus 2 bis 30 Buchstaben, Ziffern und Unterstrichen bestehen',
  Properties: 'Eigenschaften',
  'What else is known about it.': 'Was sonst darüber bekannt ist.',
  Name: 'Name',
  Value: 'Wert',
  'When it happened': 'Wann es geschah',
  'Empty: now.': 'Leer: jetzt.',
  'Adds or updates up to 500 contacts at once and says for each one that failed why. Status and tags stay as they are.':
    'Nimmt bis zu 500 Kontakte auf einmal auf oder ändert sie und sagt bei jedem, der misslang, warum. Status und Tags bleiben, wie sie sind.',
  'At most 500. Those the audience has are updated, the others added.':
    'Höchstens 500. Wer schon in der Zielgruppe ist, wird geändert, die anderen werden aufgenommen.',
  'What all of them did. It decides how new ones are added; no status is changed.':
    'Was sie alle getan haben. Es entscheidet, wie neue aufgenommen werden; kein Status wird geändert.',
  'For somebody who withdrew their consent: they get no more campaigns, and only they can subscribe again.':
    'Für jemanden, der seine Einwilligung zurückzog: Es kommen keine Kampagnen mehr, und nur er selbst kann sich wieder anmelden.',
  'For somebody who unsubscribed and wants to come back: Mailchimp sends them a mail to confirm.':
    'Für jemanden, der sich abgemeldet hat und zurückkommen möchte: Mailchimp schickt eine E-Mail zur Bestätigung.',
  'Takes a contact out of the audience and keeps its history. It can be added again.':
    'Nimmt einen Kontakt aus der Zielgruppe und behält seine Geschichte. Er kann wieder aufgenommen werden.',
  'Erases a contact and its history in Mailchimp. This cannot be undone, and the address can never be added again from here: only the person can, on a Mailchimp form. To take somebody out of the audience, archive them instead.':
    'Löscht einen Kontakt und seine Geschichte in Mailchimp. Das lässt sich nicht rückgängig machen, und die Adresse kann von hier aus nie wieder aufgenommen werden: Das kann nur die Person selbst, in einem Formular von Mailchimp. Um jemanden nur aus der Zielgruppe zu nehmen, archivieren Sie den Kontakt.',
  'Email address once more': 'E-Mail-Adresse noch einmal',
  'The same again, as this cannot be undone.': 'Noch einmal dieselbe, da es sich nicht rückgängig machen lässt.',
} as const;
