// What an application would see twice, said once. It can only be noticed at a collection, when all
// instrumentations have been given their provider.
import type { LoopscopeHandle } from '@loopscope/sdk';

const runtimeNode = '@opentelemetry/instrumentation-runtime-node';

let said: Set<string> | undefined;

export function warnOfDoubles(provider: object, handle: LoopscopeHandle, conventions: boolean): void {
  if (conventions && hasMeterOf(provider, runtimeNode)) {
    warnOnce(
      'LOOPSCOPE_METRICS_TWICE',
      `${runtimeNode} feeds metrics of the same names (nodejs.*, v8js.*) as Loopscope: leave it out, or give LoopscopeInstrumentation { conventions: false }`,
    );
  }
  if (handle.exporters.includes('otlp')) {
    warnOnce(
      'LOOPSCOPE_PUSHED_TWICE',
      "Loopscope pushes its metrics and stalls by OTLP itself, beside the application's own SDK: set LOOPSCOPE_EXPORTERS=prometheus (or none), or leave LoopscopeInstrumentation out",
    );
  }
}

// By what the SDKs 2.x and 3.x keep of their meters: not a part of their interface, so only looked at.
function hasMeterOf(provider: object, name: string): boolean {
  const { _sharedState: state } = provider as { _sharedState?: { meterSharedStates?: unknown } };
  const meters = state?.meterSharedStates;
  return meters instanceof Map && [...meters.keys()].some((key) => String(key).startsWith(`${name}:`));
}

function warnOnce(code: string, message: string): void {
  said ??= new Set();
  if (!said.has(code)) {
    said.add(code);
    process.emitWarning(message, { type: 'LoopscopeWarning', code });
  }
}
