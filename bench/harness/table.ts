/** Rows of text under headings; the first column is left-aligned, the others are figures. */
export interface Table {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function renderTable({ title, headings, rows }: Table): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [title, line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
    .map((text, index) => (index === 0 ? text : `  ${text}`))
    .join('\n');
}

/** A figure with its unit's usual number of digits. */
export function figure(value: number, digits = 1): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}

/** A range, as `low..high`. */
export function range([low, high]: readonly [number, number], digits = 1): string {
  return `${figure(low, digits)}..${figure(high, digits)}`;
}

/** A difference, with its sign. */
export function signed(value: number, digits = 1): string {
  return value >= 0 ? `+${figure(value, digits)}` : figure(value, digits);
}
