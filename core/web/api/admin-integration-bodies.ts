import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import type { IntegrationStatus } from '../../integrations/integration-store.ts';
import { anyText, IfGiven, InQuery, oneOf, Says } from '../http/dto.ts';
import { OffsetQuery } from './query.ts';
import { STATUS } from './schemas.ts';

export class SetStatus {
  @IsIn(['active', 'error', 'disconnected'])
  status!: 'active' | 'error' | 'disconnected';

  @Says('What the store’s owner reads.')
  @IfGiven()
  @IsString()
  @MaxLength(500)
  @Matches(/^\P{Cc}*$/u, { message: 'Write the message as plain text on one line.' })
  message?: string;
}

export class TypeQuery extends OffsetQuery {
  @InQuery(anyText(100), 'A plugin’s id.')
  readonly type?: string;
}

export class InStoreQuery extends TypeQuery {
  @InQuery(oneOf(STATUS))
  readonly status?: IntegrationStatus;
}

export class EverywhereQuery extends InStoreQuery {
  @InQuery(anyText(), 'Id or slug.')
  readonly storeId?: string;
}
