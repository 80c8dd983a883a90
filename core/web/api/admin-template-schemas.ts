import { GRADES } from '../../plugins/rules.ts';
import { CATEGORIES } from '../../sdk/index.ts';
import { anything, bool, listOf, mapOf, moment, named, object, oneOfTexts, orNull, text, whole } from './schema.ts';
import { STATUS } from './schemas.ts';

const GRADE = oneOfTexts(GRADES);

const TEMPLATE_FIELDS = {
  id: text,
  name: text,
  summary: text,
  category: oneOfTexts(CATEGORIES),
  docs: orNull(text),
  icon: orNull(text),
  state: oneOfTexts(['ready', 'coming-soon', 'failed', 'missing']),
  active: bool,
  comingSoon: bool,
  withoutCode: bool,
  methods: listOf(oneOfTexts(['oauth', 'manual'])),
  generation: orNull(whole),
  putBack: orNull(text),
  hash: orNull(text),
  loadedAt: orNull(moment),
  grade: orNull(GRADE),
  error: orNull(text),
  failures: whole,
  lastError: orNull(text),
  lastFailureAt: orNull(moment),
  overrides: anything,
  integrations: object({ ...Object.fromEntries(STATUS.map((status) => [status, whole])), total: whole }),
};

export const ADMIN_TEMPLATE = named('AdminTemplate', object(TEMPLATE_FIELDS));

const OWN = object({ name: text, summary: text, category: text, guides: mapOf(orNull(text)) });

const APP_FIELD = object({
  name: text,
  title: text,
  secret: bool,
  required: bool,
  variable: { ...text, description: 'The setting that gives it, in the environment.' },
  source: text,
});

export const WHOLE_ADMIN_TEMPLATE = named(
  'WholeAdminTemplate',
  object({
    ...TEMPLATE_FIELDS,
    own: { ...orNull(OWN), description: 'The plugin’s own texts.' },
    findings: listOf(anything),
    generations: listOf(object({ hash: text, createdAt: moment, grade: orNull(GRADE) })),
    app: { ...listOf(APP_FIELD), description: 'The operator’s app at the provider; never its values.' },
  }),
);
