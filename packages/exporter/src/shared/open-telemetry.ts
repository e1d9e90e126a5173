// What we need of the OpenTelemetry API, by shape: so every version of it fits, and none is loaded.

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** An instrument whose values are asked for. */
export type Observable = object;

export interface Histogram {
  record(value: number, attributes: Attributes): void;
}

export interface InstrumentOptions {
  readonly unit: string;
  readonly description: string;
  readonly valueType?: number;
  readonly advice?: { readonly explicitBucketBoundaries?: number[] };
}

export interface ObservableResult {
  observe(instrument: never, value: number, attributes: Attributes): void;
}

export type BatchCallback = (result: ObservableResult) => void | Promise<void>;

export interface Meter {
  createHistogram(name: string, options: InstrumentOptions): Histogram;
  createObservableCounter(name: string, options: InstrumentOptions): Observable;
  createObservableUpDownCounter(name: string, options: InstrumentOptions): Observable;
  createObservableGauge(name: string, options: InstrumentOptions): Observable;
  addBatchObservableCallback(callback: BatchCallback, observables: never[]): void;
  removeBatchObservableCallback(callback: BatchCallback, observables: never[]): void;
}

export interface MeterProvider {
  getMeter(name: string, version?: string): Meter;
}

/** An opaque place to look values up in by key. */
export interface Context {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): Context;
  deleteValue(key: symbol): Context;
}

export interface Span {
  end(endTime?: number): void;
}

export interface TracerProvider {
  getTracer(
    name: string,
    version?: string,
  ): {
    startSpan(
      name: string,
      options: { readonly startTime: number; readonly attributes: Attributes },
      context: Context,
    ): Span;
  };
}

export interface LoggerProvider {
  getLogger(name: string, version?: string): { emit(record: LogRecord): void };
}

export interface LogRecord {
  readonly eventName: string;
  readonly timestamp: number;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly context?: Context;
}
