import type { DataSource } from 'typeorm';

export interface PoolUse {
  readonly busy: number;
  readonly idle: number;
  /** Queries that wait for a connection. */
  readonly waiting: number;
}

/** Of this process. */
export function poolUse({ driver }: DataSource): PoolUse {
  const { master } = driver as unknown as { master?: { totalCount: number; idleCount: number; waitingCount: number } };
  const { totalCount = 0, idleCount = 0, waitingCount = 0 } = master ?? {};
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
