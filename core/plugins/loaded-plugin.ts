import type { Plugin, Sandbox } from '../sdk/index.ts';
import type { ReadyPlugin } from './check.ts';
import type { Life } from './life.ts';

/** One generation of a plugin. Whoever begins a piece of work with it keeps this object to the end of that work. */
export interface LoadedPlugin {
  readonly id: string;
  /** Absolute. */
  readonly dir: string;
  /** Of the folder's content. */
  readonly hash: string;
  /** Counts from 1 in this process. */
  readonly generation: number;
  readonly plugin: Plugin;
  /** The text of `icon.svg`. */
  readonly icon: string | undefined;
  readonly sandbox: Sandbox | undefined;
  readonly loadedAt: Date;
  /** Counts the calls under way and lets go of what it holds open; call through {@link during}. */
  readonly life?: Life;
}

/** What {@link Registry.get} hands out: never a coming-soon card, so the handlers are there. */
export interface RunnablePlugin extends LoadedPlugin {
  readonly plugin: ReadyPlugin;
}
