/**
 * Loopscope among the instrumentations of an application's own OpenTelemetry SDK, 2.x or 3.x. It feeds their
 * providers from the agent, and loads nothing of OpenTelemetry.
 *
 * @module @loopscope/exporter/instrumentation
 */
import { inspect } from 'node:util';
import { type LoopscopeHandle, type StallEvent, start } from '@loopscope/sdk';
import { sdkVersion } from '@loopscope/sdk/telemetry';
import type { LoggerProvider, MeterProvider, TracerProvider } from '../shared/open-telemetry.ts';
import { bindMeter } from './meter-binding.ts';
import { emitLog, emitSpan, type Scope } from './stall-signals.ts';
import { warnOfDoubles } from './telemetry-doubles.ts';

/** What `LoopscopeInstrumentation` takes. */
export interface LoopscopeInstrumentationConfig {
  /** False leaves it off until `enable()`; `registerInstrumentations` calls that. True by default. */
  readonly enabled?: boolean;
  /**
   * Whether metrics whose names are those of OpenTelemetry's semantic conventions (`nodejs.*`, `v8js.*`, `process.*`)
   * are fed too. False leaves them to another instrumentation, such as `@opentelemetry/instrumentation-runtime-node`.
   * True by default.
   */
  readonly conventions?: boolean;
  /** Whose metrics and stalls; by default the running agent's, which is started where none runs. */
  readonly handle?: LoopscopeHandle;
}

const scope: Scope = { name: '@loopscope/sdk', version: sdkVersion };

/**
 * An OpenTelemetry instrumentation: every metric of Loopscope on the application's MeterProvider, and each stall,
 * once it is over, as a span under the span that was blocked and as a log event `loopscope.eventloop.stall`.
 *
 * @throws TypeError with code `LOOPSCOPE_INVALID_OPTION`, naming the option and the value received.
 */
export class LoopscopeInstrumentation {
  /** As OpenTelemetry asks every instrumentation. */
  readonly instrumentationName = '@loopscope/exporter/instrumentation';
  /** That of `@loopscope/sdk`. */
  readonly instrumentationVersion: string = sdkVersion;
  #config: LoopscopeInstrumentationConfig;
  #handle: LoopscopeHandle | undefined;
  #meterProvider: MeterProvider | undefined;
  #tracerProvider: TracerProvider | undefined;
  #loggerProvider: LoggerProvider | undefined;
  #unbind: (() => void) | undefined;
  #unlisten: (() => void) | undefined;

  constructor(config: LoopscopeInstrumentationConfig = {}) {
    this.#config = validated(config);
    if (this.#config.enabled) {
      this.enable();
    }
  }

  /** Starts feeding the providers; joins the agent, or starts it. Idempotent. */
  enable(): void {
    this.#config = { ...this.#config, enabled: true };
    this.#handle ??= this.#config.handle ?? start();
    this.#unlisten ??= this.#handle.on('stall', (event) => this.#stalled(event));
    this.#bind();
  }

  /** Takes everything from the providers, and gives up the hold on the agent. Idempotent. */
  disable(): void {
    this.#config = { ...this.#config, enabled: false };
    this.#unbind?.();
    this.#unlisten?.();
    if (this.#config.handle === undefined) {
      void this.#handle?.stop();
    }
    this.#unbind = undefined;
    this.#unlisten = undefined;
    this.#handle = undefined;
  }

  /** Feeds this provider from now on, all that has been counted so far included, and no longer the one before. */
  setMeterProvider(meterProvider: MeterProvider): void {
    // A second set of the same instruments would double every value.
    if (meterProvider !== this.#meterProvider) {
      this.#unbind?.();
      this.#unbind = undefined;
      this.#meterProvider = meterProvider;
      this.#bind();
    }
  }

  /** Where spans of stalls go from now on. */
  setTracerProvider(tracerProvider: TracerProvider): void {
    this.#tracerProvider = tracerProvider;
  }

  /** Where log events of stalls go from now on. */
  setLoggerProvider(loggerProvider: LoggerProvider): void {
    this.#loggerProvider = loggerProvider;
  }

  /** The configuration as it is now. */
  getConfig(): LoopscopeInstrumentationConfig {
    return this.#config;
  }

  /** Replaces the configuration, and applies it. */
  setConfig(config: LoopscopeInstrumentationConfig): void {
    this.#config = validated(config);
    this.#unbind?.();
    this.#unbind = undefined;
    if (this.#config.enabled) {
      this.enable();
    } else {
      this.disable();
    }
  }

  #bind(): void {
    const [handle, provider] = [this.#handle, this.#meterProvider];
    if (handle === undefined || provider === undefined || this.#unbind !== undefined) {
      return;
    }
    const { conventions = true } = this.#config;
    this.#unbind = bindMeter(provider, handle, {
      conventions,
      scope,
      collected: () => warnOfDoubles(provider, handle, conventions),
    });
  }

  // What a debugger held up is listed by the agent, and told to nobody.
  #stalled({ type, stall }: StallEvent): void {
    if (type !== 'closed' || stall.inspectorOpen) {
      return;
    }
    if (this.#tracerProvider !== undefined) {
      emitSpan(this.#tracerProvider, scope, stall);
    }
    if (this.#loggerProvider !== undefined) {
      emitLog(this.#loggerProvider, scope, stall);
    }
  }
}

function validated(config: LoopscopeInstrumentationConfig): LoopscopeInstrumentationConfig {
  if (typeof config !== 'object' || config === null) {
    throw invalid('the configuration', config, 'an object');
  }
  const { enabled, conventions, handle } = config;
  for (const [name, value] of Object.entries({ enabled, conventions })) {
    if (value !== undefined && typeof value !== 'boolean') {
      throw invalid(name, value, 'true or false');
    }
  }
  if (handle !== undefined && typeof handle?.collect !== 'function') {
    throw invalid('handle', handle, 'what start() returned');
  }
  // Of what an SDK may pass to every instrumentation, the rest means nothing here.
  return { ...config, enabled: enabled ?? true };
}

function invalid(name: string, value: unknown, expected: string): TypeError {
  return Object.assign(
    new TypeError(
      `LoopscopeInstrumentation: ${name} received ${inspect(value, { depth: 0 })}, expected ${expected}`,
    ),
    { code: 'LOOPSCOPE_INVALID_OPTION' },
  );
}
