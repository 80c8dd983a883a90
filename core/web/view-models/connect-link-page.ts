import type { GuideVars, MethodView, PluginHead, PluginPage } from './plugin-view.ts';

/** The page a connect link leads to. */
export interface ConnectLinkPage {
  readonly plugin: PluginHead;
  readonly gains: readonly string[];
  readonly methods: readonly MethodView[];
  readonly vars: GuideVars;
  /** Why it cannot be connected now. */
  readonly trouble: string | undefined;
  readonly canConnect: boolean;
  readonly again: PluginPage['again'];
  readonly cancel: string;
  /** Whom the person comes back to: a host. */
  readonly backTo: string;
}

/** The plugin's page with its forms led to the link instead. */
export function connectLinkPage(page: PluginPage, { href, returnUrl }: { href: string; returnUrl: string }): ConnectLinkPage {
  const { plugin, gains, vars, trouble, canConnect, again } = page;
  const methods = page.methods.map((method) => ({ ...method, action: `${href}/${method.id}`, check: undefined }));
  return { plugin, gains, methods, vars, trouble, canConnect, again, cancel: `${href}/cancel`, backTo: new URL(returnUrl).host };
}
