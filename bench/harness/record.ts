// Figures with their intervals, and when one has become worse than another.

import type { Bar } from './bar.ts';
import type { Written, WrittenResult } from './written.ts';

/** A bar's figure with its interval. */
export type Figure = Pick<Bar, 'value' | 'kind'> & Required<Pick<Bar, 'interval'>>;

/** Of what `--json` writes. */
interface WithBars extends Pick<Written, 'bench'> {
  readonly results: readonly (Pick<WrittenResult<unknown>, 'version'> & {
    readonly bars: readonly Pick<Bar, 'name' | 'value' | 'interval' | 'kind'>[];
  })[];
}

/** By benchmark, major release and name. */
export function figuresOf({ bench, results }: WithBars): Readonly<Record<string, Figure>> {
  return Object.fromEntries(
    results.flatMap(({ version, bars }) =>
      bars.flatMap(({ name, value, interval, kind }) =>
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
