// Switches the demo's faults on, one after the other, each for long enough that its alert can fire.
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../packages/demo-app/src/fault.ts';

export interface FaultPlan {
  readonly fault: Fault;
  readonly seconds: number;
  /** How long each request blocks. */
  readonly ms: number;
  /** Between two requests. */
  readonly pauseMs: number;
}

/** Asks for the fault again and again until the time is over, or until the caller has seen enough. */
export async function driveFault(
  url: string,
  { fault, seconds, ms, pauseMs }: FaultPlan,
  signal: AbortSignal,
  enough: () => boolean | Promise<boolean> = () => false,
): Promise<void> {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until && !signal.aborted && !(await enough())) {
    const response = await fetch(`${url}${fault.path}?ms=${ms}`, { signal });
    await response.arrayBuffer();
    await delay(pauseMs, undefined, { signal });
  }
}
