// How much work makes a given duration on this machine, for work that is one native call and so
// can't look at the clock on its way.

export interface Calibration {
  readonly targetMs: number;
  /** Size of a first, short run. */
  readonly probeSize: number;
  readonly run: (size: number) => void;
  readonly now?: () => number;
}

const shortestProbeMs = 2;
const probes = 5;

/**
 * The size whose run takes about `targetMs`, where time grows in proportion to size. It rests on the
 * fastest of a few short runs: a machine that is busy with something else makes the work last
 * longer than asked, never much shorter.
 */
export function sizeForDuration(calibration: Calibration): number {
  const { targetMs, run, now = () => performance.now() } = calibration;
  let size = calibration.probeSize;
  let fastestMs = timeRun(run, size, now);
  while (fastestMs < shortestProbeMs) {
    size *= 2;
    fastestMs = timeRun(run, size, now);
  }
  for (let probe = 1; probe < probes; probe++) {
    fastestMs = Math.min(fastestMs, timeRun(run, size, now));
  }
  return Math.max(1, Math.round((size * targetMs) / fastestMs));
}

function timeRun(run: (size: number) => void, size: number, now: () => number): number {
  const start = now();
  run(size);
  return now() - start;
}
