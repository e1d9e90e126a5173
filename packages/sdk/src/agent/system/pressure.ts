// Pressure stall information: for how long something, or everything, of a group waited for a resource.

export type PressureKind = 'some' | 'full';

/** Milliseconds, cumulative, by kind. Pure; without what the text does not say. */
export function parsePressure(text: string): Partial<Record<PressureKind, number>> {
  const found: Partial<Record<PressureKind, number>> = {};
  for (const [, kind, microseconds] of text.matchAll(/^(some|full) .*\btotal=(\d+)$/gm)) {
    found[kind as PressureKind] = Number(microseconds) / 1000;
  }
  return found;
}
