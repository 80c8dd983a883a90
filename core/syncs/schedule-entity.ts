import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('schedules')
export class ScheduleEntity {
  @PrimaryColumn('uuid', { name: 'store_id' })
  storeId!: string;

  @PrimaryColumn('uuid', { name: 'integration_id' })
  integrationId!: string;

  @PrimaryColumn('text', { name: 'stream' })
  stream!: string;

  /** Null: switched off. */
  @Column('integer', { name: 'every_minutes', nullable: true })
  everyMinutes!: number | null;

  @Column('timestamptz', { name: 'next_run_at', nullable: true })
  nextRunAt!: Date | null;
}
