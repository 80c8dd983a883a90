import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsUUID } from 'class-validator';
import type { EventState } from '../../inbox/event-store.ts';
import { ENDED } from '../../inbox/replay-store.ts';
import { anyText, IfGiven, InQuery, IsTime, oneOf, Says, time } from '../http/dto.ts';
import { OffsetQuery } from './query.ts';
import { EVENT_STATE } from './schemas.ts';

export class EventsQuery extends OffsetQuery {
  @InQuery(oneOf(EVENT_STATE))
  readonly state?: EventState;

  @InQuery(anyText(), 'As the plugin names it.')
  readonly type?: string;

  @InQuery(time, 'That came at this time or later.')
  readonly from?: Date;

  @InQuery(time, 'That came before it.')
  readonly until?: Date;
}

export class Replay {
  @Says('These only.')
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsUUID('all', { each: true })
  events?: string[];

  @Says('That came at this time or later.')
  @IfGiven()
  @IsTime()
  from?: string;

  @Says('That came before it.')
  @IfGiven()
  @IsTime()
  until?: string;

  @Says('Default `["dead", "parked"]`.')
  @IfGiven()
  @IsArray()
  @IsIn(ENDED, { each: true })
  states?: (typeof ENDED)[number][];

  @Says('Only say what would happen.')
  @IfGiven()
  @IsBoolean()
  dryRun?: boolean;
}
