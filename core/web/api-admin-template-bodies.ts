import { IsBoolean, IsObject, IsString } from 'class-validator';
import { CATEGORIES } from '../sdk/index.ts';
import { IfGiven, IfNotNull, Says } from './dto.ts';

export class NewTemplate {
  @Says('The folder’s name of the plugin that is to come.')
  @IsString()
  id!: string;

  @IsString()
  name!: string;

  @IsString()
  summary!: string;

  @Says(`One of ${CATEGORIES.join(', ')}.`)
  @IsString()
  category!: string;

  @IfGiven()
  @IsString()
  docs?: string;

  @Says('SVG text.')
  @IfGiven()
  @IsString()
  icon?: string;
}

/** Null: as the plugin has it. */
export class ChangeTemplate {
  @IfNotNull()
  @IsString()
  name?: string | null;

  @IfNotNull()
  @IsString()
  summary?: string | null;

  @IfNotNull()
  @IsString()
  category?: string | null;

  @IfNotNull()
  @IsString()
  icon?: string | null;

  @IfNotNull()
  @IsString()
  docs?: string | null;

  @Says('`{ oauth?, manual? }`: Markdown, or null for the plugin’s own.')
  @IfGiven()
  @IsObject()
  guides?: Record<string, unknown>;

  @Says('False: stores cannot connect it anew.')
  @IfGiven()
  @IsBoolean()
  active?: boolean;
}
