// Figures with their intervals, and when one has become worse than another.

export interface Figure {
  readonly value: number;
  /** Where the true figure lies with 95 % confidence. */
  readonly interval: readonly [number, number];
  readonly kind: 'at most' | 'at least';
}

/** What `--json` writes, as far as it matters here. */
export interface Written {
  readonly bench: string;
  readonly results: readonly {
    readonly version: string;
    readonly bars: readonly (Omit<Figure, 'interval' | 'kind'> &
      Partial<Figure> & { readonly name: string })[];
  }[];
}

/** By benchmark, major release and name. */
export function figuresOf({ bench, results }: Written): Readonly<Record<string, Figure>> {
  return Object.fromEntries(
    results.flatMap(({ version, bars }) =>
      bars.flatMap(({ name, value, interval, kind = 'at most' }) =>
        interval === undefined
          ? []
          : [[`${bench}, Node ${version.replace(/^v(\d+).*/, '$1')}: ${name}`, { value, interval, kind }]],
      ),
    ),
  );
}

/** One line for each figure that is worse beyond the noise, or that is measured no more. */
export function worsened(
  present: Readonly<Record<string, Figure>>,
  recorded: Readonly<Record<string, Figure>>,
): readonly string[] {
  return Object.entries(recorded).flatMap(([name, before]) => {
    const now = present[name];
    if (now === undefined) {
      return [`not measured any more: ${name}`];
    }
    const worse =
      before.kind === 'at most' ? now.interval[0] > before.interval[1] : now.interval[1] < before.interval[0];
    return worse ? [`worse: ${name}: ${shown(now)}, recorded ${shown(before)}`] : [];
  });
}

function shown({ value, interval: [low, high] }: Figure): string {
  return `${value.toFixed(4)} (${low.toFixed(4)}..${high.toFixed(4)})`;
}
