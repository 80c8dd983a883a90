import type { Request, Response } from 'express';
import { appForm } from '../../plugins/app-fields.ts';
import { isSecret } from '../../plugins/form-check.ts';
import { fromPost } from '../../plugins/form-post.ts';
import { type Field, type Form, Rejected } from '../../sdk/index.ts';
import { appSource } from '../app-source.ts';
import type { Web } from '../services.ts';
import { adminHref } from '../view-models/admin-plugins.ts';
import { postedFields } from '../view-models/posted-fields.ts';
import { t } from '../words/texts.ts';
import { bodyOf, by, refusal } from './admin-change.ts';
import { adminTemplate, renderAdminPlugin } from './admin-plugin.ts';
import { setFlash } from './page.ts';

type Changes = Readonly<Record<string, string | null>>;

/** `POST /admin/plugins/:id/app`: the operator's own app at the provider. A secret left blank keeps its value. */
export async function saveApp(web: Web, req: Request, res: Response): Promise<void> {
  const { id, name, loaded } = adminTemplate(web, req);
  const form = loaded && appForm(loaded);
  if (!form) throw new Rejected(t('admin.noApp', { plugin: name }), { code: 'CONFLICT' });
  const typed = postedFields(form, req.body);
  try {
    const changes = changesOf(web, { id, form, req });
    const fields = Object.keys(changes);
    if (fields.length > 0) {
      await web.apps.set(id, changes, (sql) =>
        web.audit.record({ ...by(req), action: 'plugin.app', target: id, detail: { fields } }, sql),
      );
    }
    await setFlash(req, {
      kind: 'good',
      text: fields.length > 0 ? t('admin.savedApp', { plugin: name }) : t('admin.nothingChanged'),
    });
    res.redirect(303, adminHref(id));
  } catch (error) {
    const { refused: app, status } = refusal(error, typed);
    await renderAdminPlugin(web, req, res, { app, status });
  }
}

/** Only what differs from what is in force; null for what falls back to the simulator or the plugin's default. */
function changesOf(web: Web, { id, form, req }: { id: string; form: Form; req: Request }): Changes {
  const open = Object.entries(form.properties).filter(([name, field]) => appSource(web, id, { name, field }) !== 'environment');
  const posted = fromPost(form, postedFields(form, req.body));
  const given = Object.fromEntries(open.flatMap(([name]) => (posted[name] === undefined ? [] : [[name, posted[name]]])));
  const checked = web.forms.check(form, given, { partial: true });
  const forgotten = [bodyOf(req)['_forget']].flat();
  const set = web.apps.of(id);
  const changes = open.map(([name, field]): [string, string | null] => {
    const value = wanted(field, checked[name]);
    if (isSecret(field) && value === null && !forgotten.includes(name)) return [name, set[name] ?? null];
    return [name, value];
  });
  return Object.fromEntries(changes.filter(([name, value]) => value !== (set[name] ?? null)));
}

/** Null where it says no more than the plugin's own default. */
function wanted(field: Field, value: unknown): string | null {
  if (value === undefined || value === '') return null;
  return String(value) === String(field.default ?? (field.type === 'boolean' ? false : '')) ? null : String(value);
}
