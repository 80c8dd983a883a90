import { keysGuide, oauthGuide, unproven } from './guide.ts';
import { formsDe } from './texts-de-forms.ts';

/** The plugin in German. */
export const de = {
  'Visits, sources and sales of your website, and purchases sent there by your shop.':
    'Besuche, Herkunft und Umsatz Ihrer Website, und Käufe, die Ihr Shop dorthin meldet.',
  'Sign in with Google': 'Mit Google anmelden',
  'Send events only': 'Nur Ereignisse senden',
  [oauthGuide]: `1. Drücken Sie unten auf die Schaltfläche und melden Sie sich mit dem Google-Konto an, das Ihre Property in Google Analytics sehen kann (die Rolle *Betrachter* genügt).
2. Google zeigt, worum {{brand}} bittet. **Lassen Sie „Google Analytics-Daten ansehen und herunterladen“ angekreuzt**: Ohne das gibt es keine Berichte. „Google Analytics-Verwaltungsobjekte bearbeiten“ brauchen Sie nur, um von hier aus Schlüsselereignisse, Datenaufbewahrung und API-Secrets zu ändern.
3. Drücken Sie **Weiter**. Sie kommen von selbst hierher zurück.
4. Wählen Sie in den Einstellungen Ihre **Property** und starten Sie dann eine Synchronisierung.

Um auch Käufe und andere Ereignisse zu senden, wählen Sie in den Einstellungen einen Datenstream. Wenn Sie die letzte Verbindung mit Ihrem Google-Konto trennen, gibt {{brand}} den ganzen Zugang dazu zurück.`,
  [keysGuide]: `Dieser Weg **sendet** nur Ereignisse. Um auch Berichte zu lesen, melden Sie sich mit Google an.

1. Öffnen Sie in Google Analytics **Verwaltung** (das Zahnrad), dann **Datenerhebung und -änderung > Datenstreams**, und wählen Sie Ihre Website.
2. Kopieren Sie die **Mess-ID** oben rechts (sie beginnt mit \`G-\`) in das erste Feld unten.
3. Öffnen Sie auf derselben Seite **Measurement Protocol API-Secrets**, drücken Sie **Erstellen** (beim ersten Mal bittet Google um Zustimmung zu den Bedingungen für Nutzerdaten), nennen Sie es *{{brand}}*, und kopieren Sie den **Secret-Wert** in das zweite Feld.

Google sagt nie, ob das Secret stimmt. Lassen Sie ein Ereignis senden und sehen Sie in Google Analytics unter **Berichte > Echtzeit** nach: Dort steht es innerhalb einer Minute, sonst ist einer der beiden Werte falsch.`,
  [unproven]:
    'Google sagt nicht, ob ein API-Secret stimmt. Lassen Sie ein Ereignis senden und sehen Sie dann in Google Analytics unter Berichte > Echtzeit nach.',
  'Recognise your Google account when you connect again.': 'Ihr Google-Konto wiedererkennen, wenn Sie neu verbinden.',
  'Show which Google account is connected.': 'Zeigen, welches Google-Konto verbunden ist.',
  'Read your reports, properties, data streams and key events.':
    'Ihre Berichte, Properties, Datenstreams und Schlüsselereignisse lesen.',
  'Create key events and API secrets and set data retention, when you ask for it here.':
    'Schlüsselereignisse und API-Secrets anlegen und die Datenaufbewahrung setzen, wenn Sie es hier wünschen.',
  'Measurement ID': 'Mess-ID',
  'Admin > Data streams > your website, at the top right.': 'Verwaltung > Datenstreams > Ihre Website, oben rechts.',
  'API secret': 'API-Secret',
  'On the same page: Measurement Protocol API secrets > Create. Copy the secret value.':
    'Auf derselben Seite: Measurement Protocol API-Secrets > Erstellen. Kopieren Sie den Secret-Wert.',
  'Sent events': 'Gesendete Ereignisse',
  'Traffic figures': 'Kennzahlen zum Verkehr',
  'Landing page figures': 'Kennzahlen zu Einstiegsseiten',
  'Conversion figures': 'Kennzahlen zu Conversions',
  'Item figures': 'Kennzahlen zu Artikeln',
  Transactions: 'Transaktionen',
  'Who is there now': 'Wer gerade da ist',
  'Send a purchase': 'Kauf senden',
  'Send a refund': 'Erstattung senden',
  'Send an event': 'Ereignis senden',
  'Send several events': 'Mehrere Ereignisse senden',
  'Check the reports': 'Berichte prüfen',
  'Create a key event': 'Schlüsselereignis anlegen',
  'Create an API secret': 'API-Secret anlegen',
  'Change data retention': 'Datenaufbewahrung ändern',
  '{count} Conversion figures': '{count, plural, one {# Kennzahl zu Conversions} other {# Kennzahlen zu Conversions}}',
  '{count} Data streams': '{count, plural, one {# Datenstream} other {# Datenstreams}}',
  '{count} Item figures': '{count, plural, one {# Kennzahl zu Artikeln} other {# Kennzahlen zu Artikeln}}',
  '{count} Key events': '{count, plural, one {# Schlüsselereignis} other {# Schlüsselereignisse}}',
  '{count} Landing page figures': '{count, plural, one {# Kennzahl zu Einstiegsseiten} other {# Kennzahlen zu Einstiegsseiten}}',
  '{count} Properties': '{count, plural, one {# Property} other {# Propertys}}',
  '{count} Property settings': '{count, plural, one {# Einstellung der Property} other {# Einstellungen der Property}}',
  '{count} Sent events': '{count, plural, one {# gesendetes Ereignis} other {# gesendete Ereignisse}}',
  '{count} Traffic figures': '{count, plural, one {# Kennzahl zum Verkehr} other {# Kennzahlen zum Verkehr}}',
  '{count} Transactions': '{count, plural, one {# Transaktion} other {# Transaktionen}}',
  ...formsDe,
} as const;
