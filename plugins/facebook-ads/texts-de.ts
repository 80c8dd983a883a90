import { keysGuide, oauthGuide } from './guide.ts';
import { formsDe } from './texts-de-forms.ts';

/** The plugin in German. */
export const de = {
  'Campaigns, their cost and what they bring, and every lead with the ad it came from.':
    'Kampagnen, was sie kosten und bringen, und jeder Lead mit der Anzeige, von der er kam.',
  'Log in with Facebook': 'Mit Facebook anmelden',
  'System user token': 'Token eines Systembenutzers',
  [oauthGuide]: `1. Drücken Sie unten auf die Schaltfläche und melden Sie sich bei Facebook mit dem Zugang an, der Ihre Anzeigen verwaltet.
2. Wählen Sie die Werbekonten und Seiten, die {{brand}} nutzen darf, und lassen Sie alle Berechtigungen angekreuzt; jede ist unten erklärt.
3. Drücken Sie **Continue**. Sie kommen von selbst hierher zurück.
4. Wählen Sie in den Einstellungen, welche Werbekonten gelesen werden und von welchen Seiten Leads kommen.

Sie brauchen eine Rolle im Werbekonto, und für Leads eine Aufgabe auf der Seite und [Zugriff auf deren Leads](https://www.facebook.com/business/help/1440176552713521). Facebook beendet eine solche Verbindung nach etwa 60 Tagen: Zwei Wochen vorher werden Sie gebeten, neu zu verbinden.`,
  [keysGuide]: `1. Öffnen Sie [Business Settings](https://business.facebook.com/settings), **Users > System users**, und drücken Sie **Add**. Wählen Sie die Rolle *Employee*.
2. Drücken Sie **Assign assets** und geben Sie ihm das Werbekonto (*Manage campaigns* und *View performance*) und für Leads die Seite.
3. Drücken Sie **Generate token**, wählen Sie Ihre App, als Ende *Never*, und diese Berechtigungen: \`ads_read\`, \`ads_management\`, \`business_management\`, \`leads_retrieval\`, \`pages_show_list\`, \`pages_read_engagement\`, \`pages_manage_metadata\`, \`pages_manage_ads\`.
4. Kopieren Sie das Token (es beginnt mit \`EAA\` und wird nur einmal gezeigt) in **Zugriffstoken**.
5. Kopieren Sie die **Werbekonto-ID** aus der Adresse des Ads Manager (\`act=…\`).
6. Ist in der App **Require App Secret** eingeschaltet (App settings > Advanced), geben Sie auch **App-ID** und **App-Geheimnis** an. Beide stehen unter *App settings > Basic* derselben App.

Leads kommen nur dann sofort, wenn das Token mit der App dieses Hubs gemacht wurde; sonst kommen sie mit der nächsten Synchronisierung.`,
  'Read campaigns, what they cost and what they bring.': 'Kampagnen lesen, was sie kosten und was sie bringen.',
  'Pause and resume campaigns, ad sets and ads.': 'Kampagnen, Anzeigengruppen und Anzeigen anhalten und fortsetzen.',
  'Find the ad accounts and pages your business owns.': 'Die Werbekonten und Seiten Ihres Unternehmens finden.',
  'Receive what people write into your lead forms.': 'Empfangen, was Menschen in Ihre Lead-Formulare schreiben.',
  'Offer your pages to choose from.': 'Ihre Seiten zur Auswahl anbieten.',
  'Read the page an ad belongs to.': 'Die Seite lesen, zu der eine Anzeige gehört.',
  'Be told of a new lead within seconds.': 'Von einem neuen Lead innerhalb von Sekunden erfahren.',
  'List the lead forms of your pages.': 'Die Lead-Formulare Ihrer Seiten auflisten.',
  'Ad account ID': 'Werbekonto-ID',
  'In Ads Manager: the digits after act= in the address, or the list of accounts at the top left.':
    'Im Ads Manager: die Ziffern nach act= in der Adresse, oder die Liste der Konten oben links.',
  'Access token': 'Zugriffstoken',
  'Business Settings > Users > System users > Generate token. Shown once when you make it.':
    'Business Settings > Users > System users > Generate token. Wird nur beim Anlegen gezeigt.',
  'App ID': 'App-ID',
  'Of the app you chose when you made the token: App dashboard > App settings > Basic. Needed with the app secret only.':
    'Der App, die Sie beim Anlegen des Tokens gewählt haben: App dashboard > App settings > Basic. Nur mit dem App-Geheimnis nötig.',
  'App secret': 'App-Geheimnis',
  'On the same page. With it every call also proves that it comes from you; some apps insist on that.':
    'Auf derselben Seite. Damit beweist jeder Aufruf, dass er von Ihnen kommt; manche Apps bestehen darauf.',
  Campaigns: 'Kampagnen',
  'Ad sets': 'Anzeigengruppen',
  Ads: 'Anzeigen',
  'Daily figures': 'Tageszahlen',
  'Lead forms': 'Lead-Formulare',
  Leads: 'Leads',
  'What to sync': 'Was synchronisiert wird',
  'New leads come in as they are sent. Everything else is copied by each sync.':
    'Neue Leads kommen, sobald sie abgeschickt werden. Alles andere kopiert jede Synchronisierung.',
  'Ad accounts': 'Werbekonten',
  'Read campaigns and figures of these only. None chosen means all that the login reaches.':
    'Nur Kampagnen und Zahlen dieser Konten lesen. Ist keines gewählt, gelten alle, die der Zugang erreicht.',
  Pages: 'Seiten',
  'Receive leads of these pages only. None chosen means all that the login reaches.':
    'Nur Leads dieser Seiten empfangen. Ist keine gewählt, gelten alle, die der Zugang erreicht.',
  'Receive leads of these forms only. None chosen means all of the pages above.':
    'Nur Leads dieser Formulare empfangen. Ist keines gewählt, gelten alle der Seiten oben.',
  'Create a test lead': 'Test-Lead anlegen',
  'Delete a lead': 'Lead löschen',
  '{count} Campaigns': '{count, plural, one {# Kampagne} other {# Kampagnen}}',
  '{count} Ad sets': '{count, plural, one {# Anzeigengruppe} other {# Anzeigengruppen}}',
  '{count} Ads': '{count, plural, one {# Anzeige} other {# Anzeigen}}',
  '{count} Daily figures': '{count, plural, one {# Tageszahl} other {# Tageszahlen}}',
  '{count} Lead forms': '{count, plural, one {# Lead-Formular} other {# Lead-Formulare}}',
  '{count} Leads': '{count, plural, one {# Lead} other {# Leads}}',
  ...formsDe,
} as const;
