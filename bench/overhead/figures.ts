// What a run of overhead-peers.ts found, as its tables, its page and its plot show it.
import type { CpuWindow } from '../harness/cpu-window.ts';
import { median, percentile, ratios, type Summary, summarize } from '../harness/statistics.ts';

/** With the requests that were answered meanwhile. */
export interface Window extends CpuWindow {
  readonly requests: number;
}

/** Of one tool. */
export interface Readings {
  readonly idle: readonly Window[];
  readonly loaded: readonly Window[];
  readonly latenciesMs: readonly number[];
  readonly residentBytes: number;
  readonly startWallMs: readonly number[];
  readonly startCpuMs: readonly number[];
}

/** By the tool's name, the baseline first. */
export type AllReadings = Readonly<Record<string, Readings>>;

export type Of = 'main' | 'process';

export interface Figures {
  readonly name: string;
  /** µs of CPU per request, median. */
  readonly perRequest: Readonly<Record<Of, number>>;
  /** To the baseline, window by window. */
  readonly ratio: Readonly<Record<Of, Summary>>;
  /** ms of CPU per second without requests, median. */
  readonly idle: Readonly<Record<Of, number>>;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly residentMiB: number;
  readonly startWallMs: Summary;
  readonly startCpuMs: Summary;
}

export function figuresOfTools(all: AllReadings): readonly Figures[] {
  const [base] = Object.values(all);
  return Object.entries(all).map(([name, own]) => {
    const perRequest = (readings: Readings | undefined, of: Of): number[] =>
      (readings?.loaded ?? []).map((window) => (window[of] / window.requests) * 1000);
    const both = <Result>(make: (of: Of) => Result): Readonly<Record<Of, Result>> => ({
      main: make('main'),
      process: make('process'),
    });
    return {
      name,
      perRequest: both((of) => median(perRequest(own, of))),
      ratio: both((of) => summarize(ratios(perRequest(own, of), perRequest(base, of)))),
      idle: both((of) => median(own.idle.map((window) => window[of] / window.seconds))),
      latencyMs: { p50: percentile(own.latenciesMs, 50), p99: percentile(own.latenciesMs, 99) },
      residentMiB: own.residentBytes / 2 ** 20,
      startWallMs: summarize(own.startWallMs),
      startCpuMs: summarize(own.startCpuMs),
    };
  });
}
