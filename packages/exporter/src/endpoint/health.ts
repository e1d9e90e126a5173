// What `/livez` and `/readyz` say. A liveness probe that fails gets the process killed, so only a loop
// that has truly stopped fails it; readiness is left at the first second.
import type { Health } from '@loopscope/sdk/telemetry';

/** Milliseconds of a stopped loop from which the process should get no new requests. */
export const readyzStoppedMs = 1000;

/** A health check's verdict with the readings behind it, as its JSON body shows them. */
export interface HealthReport {
  readonly healthy: boolean;
  readonly body: {
    readonly status: 'ok' | 'stopped' | 'saturated';
    readonly stoppedMs: number;
    readonly saturated: boolean;
    readonly utilization: number | null;
  };
}

/** Fails only when the loop has been stopped for the given time; saturation is told, never held against it. */
export function liveness(health: Health, livezStoppedMs: number): HealthReport {
  const stopped = health.stoppedMs >= livezStoppedMs;
  return report(health, stopped, !stopped);
}

/** Fails while the loop is stopped for a second or more, and while it is saturated where that is asked for. */
export function readiness(health: Health, saturationFails: boolean): HealthReport {
  const stopped = health.stoppedMs >= readyzStoppedMs;
  return report(health, stopped, !stopped && !(saturationFails && health.saturated));
}

function report(health: Health, stopped: boolean, healthy: boolean): HealthReport {
  const { stoppedMs, saturated, utilization } = health;
  return {
    healthy,
    body: {
      status: stopped ? 'stopped' : saturated ? 'saturated' : 'ok',
      stoppedMs: Math.round(stoppedMs),
      saturated,
      utilization: utilization === undefined ? null : Math.round(utilization * 1000) / 1000,
    },
  };
}
