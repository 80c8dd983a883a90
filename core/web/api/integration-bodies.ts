import { IsBoolean, IsIn, IsObject, IsString, MaxLength } from 'class-validator';
import { IfGiven, InQuery, IsName, Says, yesNo } from '../http/dto.ts';

const METHODS = ['manual', 'oauth'] as const;
const CONFLICT_RULES = ['provider', 'newer'] as const;

export class Connect {
  @IsIn(METHODS)
  method!: 'manual' | 'oauth';

  @IfGiven()
  @IsName()
  name?: string;

  @Says('With `manual`: the keys, as the plugin’s form asks for them.')
  @IfGiven()
  @IsObject()
  fields?: Record<string, unknown>;
}

export class Reconnect {
  @Says('Default: as it was connected.')
  @IfGiven()
  @IsIn(METHODS)
  method?: 'manual' | 'oauth';

  @Says('With `manual`: the keys, as the plugin’s form asks for them.')
  @IfGiven()
  @IsObject()
  fields?: Record<string, unknown>;
}

export class ChangeIntegration {
  @IfGiven()
  @IsName()
  name?: string;

  @IfGiven()
  @IsString()
  @MaxLength(1000)
  description?: string;

  @Says('False pauses it: nothing syncs, what arrives waits.')
  @IfGiven()
  @IsBoolean()
  enabled?: boolean;

  @Says('Whose change stays where a record was changed here and at the provider: the provider’s, or the newer one.')
  @IfGiven()
  @IsIn(CONFLICT_RULES)
  conflictRule?: (typeof CONFLICT_RULES)[number];
}

export class Disconnect {
  @Says('Default true.')
  @IfGiven()
  @IsBoolean()
  keepRecords?: boolean;

  @IfGiven()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

/** Not every client sends a body with DELETE. */
export class DisconnectQuery {
  @InQuery(yesNo, 'As in the body.')
  readonly keepRecords?: boolean;
}
