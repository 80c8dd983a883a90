import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ComingSoonManifest, Manifest } from '../sdk/index.ts';

export type TemplateState = 'ready' | 'coming-soon' | 'failed' | 'missing';

/** What an operator writes over a plugin's own card; what is not there shows as the plugin has it. */
export interface TemplateOverrides {
  readonly name?: string;
  readonly summary?: string;
  readonly category?: string;
  /** SVG text, checked as an `icon.svg` is. */
  readonly icon?: string;
  /** Markdown in place of the guide of a way to connect. */
  readonly guides?: { readonly oauth?: string; readonly manual?: string };
}

/** A card without code, written by an operator: coming soon. */
export interface CardManifest extends Omit<ComingSoonManifest, 'docs' | 'category'> {
  readonly category: string;
  readonly docs?: string;
  readonly icon?: string;
}

/** What is known of a plugin between two starts. */
@Entity('integration_templates')
export class TemplateEntity {
  @PrimaryColumn('text', { name: 'plugin_id' })
  pluginId!: string;

  /** The last manifest that was in order. */
  @Column('jsonb', { nullable: true })
  manifest!: Manifest | CardManifest | null;

  @Column('jsonb', { default: {} })
  overrides!: TemplateOverrides;

  /** Of the folder as last seen; null for a card without a folder. */
  @Column('text', { name: 'content_hash', nullable: true })
  contentHash!: string | null;

  @Column('text')
  state!: TemplateState;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column('boolean', { default: true })
  active!: boolean;

  /** The generation an operator put back in place of what the folder holds. */
  @Column('text', { name: 'put_back', nullable: true })
  putBack!: string | null;

  /** The folder's content then: when it changes, the folder counts again. */
  @Column('text', { name: 'put_back_over', nullable: true })
  putBackOver!: string | null;

  /** Faults of its code since it is known here, on all hosts; bigint comes as text. */
  @Column('bigint', { default: 0 })
  failures!: string;

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  @Column('timestamptz', { name: 'last_failure_at', nullable: true })
  lastFailureAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
