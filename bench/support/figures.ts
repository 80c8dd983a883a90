/** A line of a report. */
export interface Figure {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: 'ms' | 'MB' | 'n' | 'ratio';
  /** What it must not exceed, by which statistic. */
  readonly budget?: Readonly<Partial<Record<'p50' | 'p99' | 'max', number>>>;
  /** What its median must reach. */
  readonly floor?: number;
}

const COLUMNS = ['p50', 'p90', 'p99', 'min', 'max'] as const;

/** Prints the figures as a table. @returns whether all budgets are kept */
export function report(title: string, figures: readonly Figure[]): boolean {
  const rows = figures.map((figure) => [
    figure.what,
    String(figure.values.length),
    ...COLUMNS.map((column) => shown(figure, column)),
    verdict(figure),
  ]);
  const table = [['', 'n', ...COLUMNS, 'budget'], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0))) ?? [];
  console.log(`\n${title}\n`);
  for (const row of table) {
    console.log(
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    );
  }
  return figures.every((figure) => misses(figure).length === 0);
}

/** The value below which this share of them lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function statistic({ values }: Figure, column: (typeof COLUMNS)[number]): number {
  if (column === 'min') return Math.min(...values);
  if (column === 'max') return Math.max(...values);
  return percentile(values, Number(column.slice(1)) / 100);
}

function shown(figure: Figure, column: (typeof COLUMNS)[number]): string {
  const value = statistic(figure, column);
  if (figure.unit === 'n') return String(Math.round(value));
  if (figure.unit === 'ratio') return value.toFixed(2);
  return `${value.toFixed(figure.unit === 'MB' ? 2 : 0)} ${figure.unit}`;
}

function misses(figure: Figure): string[] {
  if (figure.floor !== undefined) return statistic(figure, 'p50') >= figure.floor ? [] : ['p50'];
  return Object.entries(figure.budget ?? {}).flatMap(([column, limit]) =>
    statistic(figure, column as 'p50') > limit ? [column] : [],
  );
}

function verdict(figure: Figure): string {
  const limits = Object.entries(figure.budget ?? {}).map(
    ([column, limit]) => `${column} ≤ ${limit}${figure.unit === 'n' ? '' : ` ${figure.unit}`}`,
  );
  if (figure.floor !== undefined) limits.push(`p50 ≥ ${figure.floor}`);
  if (limits.length === 0) return '';
  const missed = misses(figure);
  return `${limits.join(', ')}: ${missed.length === 0 ? 'kept' : `MISSED (${missed.join(', ')})`}`;
}
