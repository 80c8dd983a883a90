/** What the forms of settings, of the operator and of actions say, in German. */
export const formsDe = {
  'must be 5 to 20 digits, with or without act_ before them.': 'muss aus 5 bis 20 Ziffern bestehen, mit oder ohne act_ davor.',
  'must begin with EAA and hold letters and digits only; copy all of it.':
    'muss mit EAA beginnen und nur Buchstaben und Ziffern enthalten; kopieren Sie es ganz.',
  'must be 8 to 20 digits.': 'muss aus 8 bis 20 Ziffern bestehen.',
  'must be 32 digits and letters from a to f.': 'muss aus 32 Ziffern und Buchstaben von a bis f bestehen.',
  'What it may change': 'Was sie ändern darf',
  'What this store’s systems may do in the ad account. Untick everything for a connection that only reads.':
    'Was die Systeme dieses Shops im Werbekonto tun dürfen. Ohne ein Häkchen liest die Verbindung nur.',
  'Pause and resume campaigns, ad sets and ads': 'Kampagnen, Anzeigengruppen und Anzeigen anhalten und fortsetzen',
  'Create test leads': 'Test-Leads anlegen',
  'Figures for each': 'Zahlen für jede',
  'The finer, the more rows: an ad account with 500 ads has 15,000 rows a month by ad.':
    'Je feiner, desto mehr Zeilen: Ein Werbekonto mit 500 Anzeigen hat je Anzeige 15.000 Zeilen im Monat.',
  Campaign: 'Kampagne',
  'Ad set': 'Anzeigengruppe',
  Ad: 'Anzeige',
  'Attribution window': 'Zuordnungszeitraum',
  'Which purchases count as brought by an ad: how long after a click or a view.':
    'Welche Käufe einer Anzeige zugerechnet werden: wie lange nach einem Klick oder einer Ansicht.',
  '1 day after a click': '1 Tag nach einem Klick',
  '7 days after a click': '7 Tage nach einem Klick',
  '7 days after a click or 1 day after a view': '7 Tage nach einem Klick oder 1 Tag nach einer Ansicht',
  '28 days after a click': '28 Tage nach einem Klick',
  'What counts as a purchase': 'Was als Kauf zählt',
  'Facebook counts one purchase under several names; only one of them may be used.':
    'Facebook zählt einen Kauf unter mehreren Namen; nur einer davon darf benutzt werden.',
  'On the website, in an app or in a shop': 'Auf der Website, in einer App oder im Laden',
  'On the website, as the pixel sees it': 'Auf der Website, wie das Pixel es sieht',
  'As Ads Manager shows it': 'Wie der Werbeanzeigenmanager es zeigt',
  'Split by audience': 'Nach Publikum aufteilen',
  'Figures for each part of the people who saw the ads. Totals of reach cannot be added up across parts.':
    'Zahlen für jeden Teil der Menschen, die die Anzeigen sahen. Reichweiten lassen sich über Teile hinweg nicht zusammenzählen.',
  'Not split': 'Nicht aufgeteilt',
  'Age and gender': 'Alter und Geschlecht',
  Country: 'Land',
  'Facebook, Instagram and other places': 'Facebook, Instagram und andere Orte',
  'Mobile and desktop': 'Mobil und Desktop',
  'Read again, in days': 'Noch einmal lesen, in Tagen',
  'Each sync reads so many past days again, because purchases are attributed up to 28 days later.':
    'Jede Synchronisierung liest so viele vergangene Tage noch einmal, weil Käufe bis zu 28 Tage später zugeordnet werden.',
  'First sync, in days back': 'Erste Synchronisierung, Tage zurück',
  'How many days of figures the first sync reads. Facebook keeps about 37 months.':
    'Zahlen wie vieler Tage die erste Synchronisierung liest. Facebook behält etwa 37 Monate.',
  'Fields of a lead': 'Felder eines Leads',
  'Which question of the forms fills which field of the contact.': 'Welche Frage der Formulare welches Feld des Kontakts füllt.',
  Email: 'E-Mail',
  Phone: 'Telefon',
  'Full name': 'Voller Name',
  'First name': 'Vorname',
  'Last name': 'Nachname',
  Company: 'Firma',
  Street: 'Straße',
  City: 'Stadt',
  State: 'Bundesland',
  'Postal code': 'Postleitzahl',
  'Tags for leads': 'Tags für Leads',
  'Put on the contact of every lead, one per line.': 'Bekommt der Kontakt jedes Leads, eines pro Zeile.',
  'Of your app at developers.facebook.com: App settings > Basic.': 'Ihrer App auf developers.facebook.com: App settings > Basic.',
  'On the same page. It also signs the webhooks.': 'Auf derselben Seite. Es signiert auch die Webhooks.',
  'Login configuration ID': 'Login configuration ID',
  'Only with Facebook Login for Business: the configuration made in the app dashboard, which then decides what stores are asked for. Empty: the permissions are asked for by name.':
    'Nur mit Facebook Login for Business: die im App-Dashboard angelegte Konfiguration, die dann entscheidet, worum Shops gebeten werden. Leer: Um die Berechtigungen wird beim Namen gebeten.',
  'must be 5 to 20 digits.': 'muss aus 5 bis 20 Ziffern bestehen.',
  'Webhook verify token': 'Webhook verify token',
  'Any long word you make up, and enter again when you register the webhook of the app.':
    'Ein langes Wort, das Sie sich ausdenken und beim Registrieren des Webhooks der App noch einmal eingeben.',
  'Pause a campaign': 'Kampagne anhalten',
  'Pauses one campaign at Facebook. It delivers nothing until it is resumed.':
    'Hält eine Kampagne bei Facebook an. Sie liefert nichts aus, bis sie fortgesetzt wird.',
  'The campaign to pause.': 'Die Kampagne, die angehalten wird.',
  'must be an ID: digits only.': 'muss eine ID sein: nur Ziffern.',
  'Resume a campaign': 'Kampagne fortsetzen',
  'Resumes one campaign at Facebook. It delivers again, unless something above it is paused.':
    'Setzt eine Kampagne bei Facebook fort. Sie liefert wieder aus, außer etwas über ihr ist angehalten.',
  'The campaign to resume.': 'Die Kampagne, die fortgesetzt wird.',
  'Pause an ad set': 'Anzeigengruppe anhalten',
  'Pauses one ad set at Facebook. It delivers nothing until it is resumed.':
    'Hält eine Anzeigengruppe bei Facebook an. Sie liefert nichts aus, bis sie fortgesetzt wird.',
  'The ad set to pause.': 'Die Anzeigengruppe, die angehalten wird.',
  'Resume an ad set': 'Anzeigengruppe fortsetzen',
  'Resumes one ad set at Facebook. It delivers again, unless something above it is paused.':
    'Setzt eine Anzeigengruppe bei Facebook fort. Sie liefert wieder aus, außer etwas über ihr ist angehalten.',
  'The ad set to resume.': 'Die Anzeigengruppe, die fortgesetzt wird.',
  'Pause an ad': 'Anzeige anhalten',
  'Pauses one ad at Facebook. It delivers nothing until it is resumed.':
    'Hält eine Anzeige bei Facebook an. Sie wird nicht ausgeliefert, bis sie fortgesetzt wird.',
  'The ad to pause.': 'Die Anzeige, die angehalten wird.',
  'Resume an ad': 'Anzeige fortsetzen',
  'Resumes one ad at Facebook. It delivers again, unless something above it is paused.':
    'Setzt eine Anzeige bei Facebook fort. Sie wird wieder ausgeliefert, außer etwas über ihr ist angehalten.',
  'The ad to resume.': 'Die Anzeige, die fortgesetzt wird.',
  'Sends an example into a lead form, as a person would. Facebook keeps one test lead for each form.':
    'Schickt ein Beispiel in ein Lead-Formular, wie es ein Mensch täte. Facebook behält einen Test-Lead je Formular.',
  'Lead form': 'Lead-Formular',
  'The form that is filled in.': 'Das Formular, das ausgefüllt wird.',
  'Removes one lead, such as a test lead, from Facebook and from here.':
    'Entfernt einen Lead, etwa einen Test-Lead, bei Facebook und hier.',
  'Lead ID': 'Lead-ID',
  'The lead to remove.': 'Der Lead, der entfernt wird.',
  Page: 'Seite',
  'The page it came in by.': 'Die Seite, über die er kam.',
} as const;
