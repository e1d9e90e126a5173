// A stall in the words of OpenTelemetry: the semantic conventions' names where there are any.
import type { Capture, Stall, StallEvidence } from '@loopscope/sdk/telemetry';
import type { AttributeValue } from './open-telemetry.ts';

const evidenceNames: Readonly<Record<keyof Omit<StallEvidence, 'synchronousCall'>, string>> = {
  cpuMs: 'cpu.time',
  waitMs: 'cpu.wait',
  sleepMs: 'sleep.time',
  systemMs: 'cpu.system.time',
  throttledMs: 'throttled.time',
  pressureMs: 'cpu.pressure.time',
  gcMs: 'gc.time',
  microtaskMs: 'microtask.time',
};

export const stallEventName = 'loopscope.eventloop.stall';

// `SeverityNumber.WARN` of every version of the API.
export const stallSeverity = { number: 13, text: 'WARN' } as const;

/** The body of its log event. */
export function sentenceOf({ state, thread, durationMs, culprit, cause }: Stall): string {
  const verb = state === 'open' ? 'has been blocked for' : 'was blocked for';
  const place = culprit ? ` by ${culprit.function} (${culprit.file}:${culprit.line})` : '';
  return `The event loop of ${thread.name} ${verb} ${Math.round(durationMs)} ms${place}; cause: ${cause}`;
}

/** Times are in seconds. What is not known is left out. */
export function attributesOf(stall: Stall): Record<string, AttributeValue> {
  const { culprit, request, evidence, victims } = stall;
  const attributes: Record<string, AttributeValue> = {
    'loopscope.stall.id': stall.id,
    'loopscope.stall.state': stall.state === 'open' ? 'opened' : 'closed',
    'loopscope.stall.phase': stall.phase,
    'loopscope.stall.duration': stall.durationMs / 1000,
    'loopscope.stall.cause': stall.cause,
    'loopscope.stall.advice': stall.advice,
    'loopscope.stall.requests': victims.requests,
    'loopscope.stall.requests.time': victims.lostMs / 1000,
    'thread.id': stall.thread.id,
    'thread.name': stall.thread.name,
  };
  for (const [key, name] of Object.entries(evidenceNames)) {
    const ms = evidence[key as keyof typeof evidenceNames];
    if (ms !== undefined) {
      attributes[`loopscope.stall.evidence.${name}`] = ms / 1000;
    }
  }
  if (evidence.synchronousCall !== undefined) {
    attributes['loopscope.stall.evidence.synchronous_call'] = evidence.synchronousCall;
  }
  if (stall.suspendedMs > 0) {
    attributes['loopscope.stall.suspended'] = stall.suspendedMs / 1000;
  }
  if (stall.fingerprint !== undefined) {
    attributes['loopscope.stall.fingerprint'] = stall.fingerprint;
  }
  if (culprit !== undefined) {
    attributes['code.function.name'] = culprit.function;
    attributes['code.file.path'] = culprit.file;
    attributes['code.line.number'] = culprit.line;
    attributes['code.column.number'] = culprit.column;
    attributes['loopscope.stall.late'] = culprit.late;
  }
  const capture = tellingCapture(stall);
  if (capture !== undefined) {
    attributes['code.stacktrace'] = stackTraceOf(capture);
  }
  if (request !== undefined) {
    attributes['http.request.method'] = request.method;
    if (request.route !== undefined) {
      attributes['http.route'] = request.route;
    }
  }
  return attributes;
}

/** The first that stands where the culprit does. */
function tellingCapture({ captures, culprit }: Stall): Capture | undefined {
  const blamed = captures.find(
    ({ frames: [frame] }) => frame?.file === culprit?.file && frame?.line === culprit?.line,
  );
  return blamed ?? captures.find(({ frames }) => frames.length > 0);
}

/** As V8 writes one, without the line of an error. */
function stackTraceOf({ frames }: Capture): string {
  return frames
    .toSorted((a, b) => a.depth - b.depth)
    .map((frame) => {
      const place = `${frame.file}:${frame.line}:${frame.column}`;
      return frame.function === '' ? `    at ${place}` : `    at ${frame.function} (${place})`;
    })
    .join('\n');
}
