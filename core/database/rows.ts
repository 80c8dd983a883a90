import type { DataSource } from 'typeorm';

type EntityClass = new () => object;

/** The columns of an entity under its property names, for SELECT and RETURNING: the entity is the only mapping there is. */
export function selection(dataSource: DataSource, entity: EntityClass, omit: readonly string[] = []): string {
  return dataSource
    .getMetadata(entity)
    .columns.filter(({ propertyName }) => !omit.includes(propertyName))
    .map(({ databaseName, propertyName }) => `${databaseName} as "${propertyName}"`)
    .join(', ');
}

/** The columns of the properties that are set, with their values as parameters. */
export function written(dataSource: DataSource, entity: EntityClass, values: object): { name: string; value: unknown }[] {
  const given = values as Record<string, unknown>;
  return dataSource
    .getMetadata(entity)
    .columns.filter(({ propertyName }) => given[propertyName] !== undefined)
    .map(({ databaseName, propertyName, type }) => ({
      name: databaseName,
      value: type === 'jsonb' ? JSON.stringify(given[propertyName]) : given[propertyName],
    }));
}

/** A row with `undefined` where the database says NULL. */
export function withoutNulls<T>(row: Record<string, unknown>): T {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as T;
}
