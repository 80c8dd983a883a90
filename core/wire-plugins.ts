import type { DataSource } from 'typeorm';
import type { Config } from './config.ts';
import { withoutShown } from './egress/shown-lately.ts';
import { Listener } from './inbox/listener.ts';
import type { AppFields } from './integrations/access.ts';
import type { Log } from './log.ts';
import { appFields } from './plugins/app-fields.ts';
import { AppStore } from './plugins/app-store.ts';
import { AppValues } from './plugins/app-values.ts';
import { FormChecker } from './plugins/form-check.ts';
import { Grades } from './plugins/grades.ts';
import { PLUGIN_CHANNEL } from './plugins/plugin-channel.ts';
import { Registry } from './plugins/registry.ts';
import { SandboxHost } from './plugins/sandbox.ts';
import { TemplateOverrideStore } from './plugins/template-override-store.ts';
import { TemplateOverrides } from './plugins/template-overrides.ts';
import { TemplateStore } from './plugins/template-store.ts';
import type { Keys } from './wire-keys.ts';

export interface WireInput {
  readonly config: Config;
  readonly log: Log;
  readonly dataSource: DataSource;
  readonly databaseUrl: string;
  /** Where this process listens, for its own calls: `http://127.0.0.1:3000`. */
  readonly ownUrl: () => string;
  /** How long what breaks is gathered before anybody is told; undefined: as long as is usual. */
  readonly gatherMs?: number | undefined;
}

/** What finds plugins, and what the operator says about them. */
export function wirePlugins(
  { config, log, dataSource, ownUrl }: WireInput,
  { vault, generations, grades: store }: Pick<Keys, 'vault' | 'generations' | 'grades'>,
) {
  const grades = new Grades({ store, generations, log, minimum: config.pluginMinimumGrade });
  const templateStore = new TemplateStore(dataSource);
  const registry = new Registry({
    ...{ dirs: config.pluginDirs, store: templateStore, generations, grades, log },
    conceal: withoutShown,
  });
  const { publicUrl, dataDir } = config;
  const sandbox = new SandboxHost({ registry, enabled: config.sandbox, baseUrl: ownUrl, publicUrl, dataDir, log });
  const apps = new AppValues({ store: new AppStore(dataSource), vault, log });
  const fields: AppFields = (plugin) => appFields(plugin, { env: config.pluginEnv, page: apps, sandbox });
  const templates = new TemplateOverrides({ store: new TemplateOverrideStore(dataSource), registry });
  return { registry, sandbox, apps, templates, forms: new FormChecker(), appFields: fields };
}

/** Brings what an operator changed on another host into view here. */
export function wirePluginNews({ databaseUrl, log }: WireInput, { registry, apps }: ReturnType<typeof wirePlugins>): Listener {
  const onNotify = () => {
    void registry.refresh();
    void apps.load();
  };
  return new Listener({ url: databaseUrl, channel: PLUGIN_CHANNEL, onNotify, log });
}
