import { IsBoolean, IsObject, IsString } from 'class-validator';
import { PLUGIN_ID } from '../../plugins/discover.ts';
import { CATEGORIES } from '../../sdk/index.ts';
import { IfGiven, IfNotNull, Says, Shape } from '../http/dto.ts';

/** As template-text.ts checks them. */
const line = (maxLength: number) => ({ minLength: 1, maxLength, pattern: '^(?=[\\s\\S]*\\S)[^\\u0000-\\u001f\\u007f]*$' });
const NAME = line(60);
const SUMMARY = line(200);
const DOCS = { maxLength: 500, pattern: '^https://[^\\s/]+\\.[^\\s/]+' };
const GUIDE = {
  type: ['string', 'null'],
  maxLength: 10_000,
  pattern: '^(?=[\\s\\S]*\\S)[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
};

export class NewTemplate {
  @Says('The folder’s name of the plugin that is to come.')
  @Shape({ pattern: PLUGIN_ID.source })
  @IsString()
  id!: string;

  @Shape(NAME)
  @IsString()
  name!: string;

  @Shape(SUMMARY)
  @IsString()
  summary!: string;

  @Shape({ enum: CATEGORIES })
  @IsString()
  category!: string;

  @Shape(DOCS)
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
  @Shape(NAME)
  @IfNotNull()
  @IsString()
  name?: string | null;

  @Shape(SUMMARY)
  @IfNotNull()
  @IsString()
  summary?: string | null;

  @Shape({ enum: [...CATEGORIES, null] })
  @IfNotNull()
  @IsString()
  category?: string | null;

  @IfNotNull()
  @IsString()
  icon?: string | null;

  @Shape(DOCS)
  @IfNotNull()
  @IsString()
  docs?: string | null;

  @Says('Markdown, or null for the plugin’s own.')
  @Shape({ properties: { oauth: GUIDE, manual: GUIDE }, additionalProperties: false })
  @IfGiven()
  @IsObject()
  guides?: Record<string, unknown>;

  @Says('False: stores cannot connect it anew.')
  @IfGiven()
  @IsBoolean()
  active?: boolean;
}
