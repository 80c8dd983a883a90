export interface RuleView {
  /** `p006` */
  readonly anchor: string;
  readonly rule: string;
  readonly title: string;
  readonly level: string;
  /** Markdown: why and how. */
  readonly text: string;
}

export interface AdminRulesPage {
  readonly rules: readonly RuleView[];
  /** A rule's text has no blanks to fill in. */
  readonly vars: Readonly<Record<string, string>>;
}

type Rules = Readonly<Record<string, { readonly level: string; readonly title: string }>>;

/** Every rule, each with what the document says under the heading that names its number. */
export function rulesPage(rules: Rules, document: string): AdminRulesPage {
  const sections = new Map(document.split(/^(?=#{1,6} )/m).map((section) => [numberOf(section), bodyOf(section)]));
  return {
    vars: {},
    rules: Object.entries(rules).map(([rule, { level, title }]) => {
      return { anchor: rule.toLowerCase(), rule, title, level, text: sections.get(rule) ?? '' };
    }),
  };
}

function numberOf(section: string): string | undefined {
  return /^#{1,6} .*?\b(P\d{3})\b/.exec(section)?.[1];
}

function bodyOf(section: string): string {
  return section.slice(section.indexOf('\n') + 1).trim();
}
