// What a condition finds: one entry for each series that it looks at, with whether it holds there.
import type {
  AlertStall,
  Attributes,
  MetricCondition,
  Observation,
  Stall,
  StallCondition,
  StallField,
} from '@loopscope/sdk/telemetry';
import { compare } from './compare.ts';
import type { RateWindow } from './rate-window.ts';

export interface FoundSeries {
  readonly attributes: Attributes;
  readonly value: number | string;
  readonly holds: boolean;
  readonly stall?: AlertStall;
}

/** `rateOf` gives the window of a counter's series. */
export function findInMetric(
  condition: MetricCondition,
  observations: readonly Observation[],
  now: number,
  rateOf: (attributes: Attributes) => RateWindow,
): readonly FoundSeries[] {
  const where = Object.entries(condition.where ?? {});
  return observations.flatMap(({ value, attributes }) => {
    if (!where.every(([name, wanted]) => attributes[name] === wanted)) {
      return [];
    }
    const shown = condition.rateOverMs === undefined ? value : rateOf(attributes).add(now, value);
    return shown === undefined
      ? []
      : [{ attributes, value: shown, holds: compare(shown, condition.operator, condition.value) }];
  });
}

/** One entry for each thread that has a stall; a debugger's stalls and other phases are left out. */
export function findInStalls(condition: StallCondition, stalls: readonly Stall[]): readonly FoundSeries[] {
  const anyPhase = condition.stall === 'phase' || condition.where?.['phase'] !== undefined;
  const where = Object.entries(condition.where ?? {}) as [StallField, string][];
  return stalls.flatMap((stall) => {
    const value = stallValue(stall, condition.stall);
    if (
      stall.inspectorOpen ||
      value === undefined ||
      !(anyPhase || stall.phase === 'running') ||
      !where.every(([field, wanted]) => stallValue(stall, field) === wanted)
    ) {
      return [];
    }
    const holds = compare(value, condition.operator, condition.value);
    return [{ attributes: { thread: stall.thread.name }, value, holds, stall: describeStall(stall) }];
  });
}

function stallValue(stall: Stall, field: StallField): number | string | undefined {
  switch (field) {
    case 'durationMs':
      return stall.durationMs;
    case 'phase':
      return stall.phase;
    case 'cause':
      return stall.cause;
    case 'thread':
      return stall.thread.name;
    case 'culprit':
      return stall.culprit?.function;
    case 'file':
      return stall.culprit?.file;
    case 'package':
      return stall.culprit?.package;
    case 'fingerprint':
      return stall.fingerprint;
    case 'method':
      return stall.request?.method;
    case 'route':
      return stall.request?.route;
  }
}

function describeStall(stall: Stall): AlertStall {
  const { id, durationMs, phase, cause, advice, culprit, request, span } = stall;
  return {
    id,
    durationMs,
    phase,
    cause,
    advice,
    ...(culprit && { culprit: `${culprit.function || '(anonymous)'} ${culprit.file}:${culprit.line}` }),
    ...(request && { request: [request.method, request.route].filter(Boolean).join(' ') }),
    ...(span && { traceId: span.traceId }),
  };
}
