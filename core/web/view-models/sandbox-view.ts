import type { Form, SandboxPanel } from '../../sdk/index.ts';
import { number, words } from '../words/format.ts';
import { type FieldView, formView } from './form-view.ts';

export interface SandboxPage {
  readonly plugin: { readonly id: string; readonly name: string; readonly href: string; readonly picture: string | undefined };
  readonly credentials: readonly { readonly label: string; readonly value: string }[];
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly commands: readonly CommandView[];
  readonly log: readonly { readonly at: Date; readonly line: string }[];
  readonly action: string;
}

export interface CommandView {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly fields: readonly FieldView[];
}

/** A command of the simulator without its `run`. */
export interface CommandInfo {
  readonly name: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly input: Form;
}

export interface SandboxInput {
  readonly plugin: { readonly id: string; readonly name: string; readonly picture: string | undefined };
  readonly panel: SandboxPanel;
  readonly commands: readonly CommandInfo[];
  /** The fields of the manual form and their titles, to call credentials what that form calls them. */
  readonly titles: Readonly<Record<string, string>>;
}

export function sandboxPage({ plugin, panel, commands, titles }: SandboxInput): SandboxPage {
  return {
    plugin: { ...plugin, href: `/integrations/${plugin.id}` },
    credentials: Object.entries(panel.credentials).map(([name, value]) => ({ label: titles[name] ?? words(name), value })),
    facts: Object.entries(panel.facts).map(([name, value]) => ({
      label: words(name),
      value: typeof value === 'number' ? number(value) : value,
    })),
    commands: commands.map(({ name, title, description, input }) => ({
      name,
      title,
      description,
      fields: formView({ form: input, prefix: `${name}-`, compact: true }),
    })),
    log: panel.log.map(({ at, line }) => ({ at: new Date(at), line })),
    action: `/sandbox/${plugin.id}/panel`,
  };
}
