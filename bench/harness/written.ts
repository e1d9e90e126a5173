// What `--json` writes.
import type { Bar } from './bar.ts';
import type { Machine } from './machine.ts';

export interface Written<Readings = unknown> {
  /** The benchmark's name. */
  readonly bench: string;
  readonly machine: Machine;
  readonly rounds: number;
  /** One for each Node release. */
  readonly results: readonly WrittenResult<Readings>[];
}

export interface WrittenResult<Readings> {
  /** Of Node, such as `v24.21.0`. */
  readonly version: string;
  readonly load: { readonly before: string; readonly after: string };
  readonly bars: readonly (Bar & { readonly held: boolean })[];
  readonly readings: Readings;
}
