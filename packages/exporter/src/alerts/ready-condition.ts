// A condition with all that it left out.
import {
  type AlertCondition,
  type AlertReceiver,
  type AlertSeverity,
  nameOf,
} from '@loopscope/sdk/telemetry';
import type { Timing } from './series-state.ts';

export interface ReadyCondition extends Timing {
  readonly condition: AlertCondition;
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly to: readonly AlertReceiver[];
}

export const defaultKeepFiringForMs = 10_000;

export function readyCondition(
  condition: AlertCondition,
  defaultReceivers: readonly AlertReceiver[],
): ReadyCondition {
  return {
    condition,
    name: nameOf(condition),
    severity: condition.severity ?? 'warning',
    forMs: condition.forMs ?? 0,
    keepFiringForMs: condition.keepFiringForMs ?? defaultKeepFiringForMs,
    to: [...new Set(condition.to ?? defaultReceivers)],
  };
}
