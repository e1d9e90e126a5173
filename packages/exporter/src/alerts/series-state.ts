// The life of one alert: inactive, pending, firing, and inactive again. Pure: the clock is given, and it
// stands still while the process is suspended.

export type SeriesState =
  | { readonly kind: 'inactive' }
  | { readonly kind: 'pending'; readonly since: number }
  | { readonly kind: 'firing'; readonly since: number; readonly matchedAt: number };

export interface Timing {
  /** Milliseconds for which the condition must hold before the alert fires. */
  readonly forMs: number;
  /** Milliseconds without it before the alert is resolved: else one that comes and goes would flap. */
  readonly keepFiringForMs: number;
}

export interface Step {
  readonly state: SeriesState;
  readonly change?: 'firing' | 'resolved';
}

export const inactive: SeriesState = { kind: 'inactive' };

/** What follows when the condition is found to hold, or not to. */
export function advance(state: SeriesState, holds: boolean, now: number, timing: Timing): Step {
  if (state.kind === 'firing') {
    if (holds) {
      return { state: { ...state, matchedAt: now } };
    }
    return now - state.matchedAt >= timing.keepFiringForMs
      ? { state: inactive, change: 'resolved' }
      : { state };
  }
  if (!holds) {
    return { state: inactive };
  }
  const since = state.kind === 'pending' ? state.since : now;
  return now - since >= timing.forMs
    ? { state: { kind: 'firing', since, matchedAt: now }, change: 'firing' }
    : { state: { kind: 'pending', since } };
}
