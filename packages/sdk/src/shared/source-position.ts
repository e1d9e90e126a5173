/** A place in a source file; line and column count from 1. */
export interface SourcePosition {
  /** A path or a URL. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Under which a position is asked about and answered. */
export function positionKey({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}
