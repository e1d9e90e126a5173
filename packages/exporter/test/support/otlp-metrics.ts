// What an OTLP metrics request says, from protobuf or JSON, in one plain shape. The protobuf is read
// by the field numbers of opentelemetry/proto/metrics/v1, with no code of the exporter's.

import { attributesOf, bytesOf, type Fields, fieldsOf, message, messages, text } from './otlp-wire.ts';

export interface ReceivedPoint {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly bounds?: readonly number[];
  readonly buckets?: readonly number[];
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  /** 1 is delta, 2 is cumulative; 0 for gauges. */
  readonly temporality: number;
  readonly monotonic: boolean;
  readonly points: readonly ReceivedPoint[];
}

export interface ReceivedMetrics {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly metrics: ReadonlyMap<string, ReceivedMetric>;
}

export function decodeProtobuf(body: Buffer): ReceivedMetrics {
  const resourceMetrics = message(fieldsOf(body), 1);
  const metrics = messages(resourceMetrics, 2).flatMap((scope) => messages(scope, 2));
  return {
    resource: attributesOf(message(resourceMetrics, 1), 1),
    metrics: byName(metrics.map(decodeMetric)),
  };
}

function decodeMetric(metric: Fields): ReceivedMetric {
  const kinds = { 5: 'gauge', 7: 'sum', 9: 'histogram' } as const;
  const field = ([5, 7, 9] as const).find((number) => metric.has(number)) ?? 5;
  const data = message(metric, field);
  return {
    name: text(metric, 1),
    unit: text(metric, 3),
    kind: kinds[field],
    temporality: Number(data.get(2)?.[0] ?? 0),
    monotonic: data.get(3)?.[0] === 1n,
    points: messages(data, 1).map(field === 9 ? decodeHistogramPoint : decodeNumberPoint),
  };
}

function decodeNumberPoint(point: Fields): ReceivedPoint {
  const double = point.get(4)?.[0] as Buffer | undefined;
  const integer = point.get(6)?.[0] as Buffer | undefined;
  const value = double?.readDoubleLE() ?? Number(integer?.readBigInt64LE());
  return { attributes: attributesOf(point, 7), value };
}

function decodeHistogramPoint(point: Fields): ReceivedPoint {
  const packed = (field: number): Buffer[] => {
    const bytes = (point.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);
    return Array.from({ length: bytes.length / 8 }, (_, at) => bytes.subarray(at * 8, at * 8 + 8));
  };
  return {
    attributes: attributesOf(point, 9),
    count: Number(bytesOf(point, 4).readBigUInt64LE()),
    sum: bytesOf(point, 5).readDoubleLE(),
    bounds: packed(7).map((bytes) => bytes.readDoubleLE()),
    buckets: packed(6).map((bytes) => Number(bytes.readBigUInt64LE())),
  };
}

function byName(metrics: readonly ReceivedMetric[]): ReadonlyMap<string, ReceivedMetric> {
  return new Map(metrics.map((metric) => [metric.name, metric]));
}

interface JsonAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface JsonPoint {
  readonly attributes: readonly JsonAttribute[];
  readonly asInt?: number;
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly explicitBounds?: readonly number[];
  readonly bucketCounts?: readonly number[];
}

interface JsonData {
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
  readonly dataPoints: readonly JsonPoint[];
}

interface JsonMetric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: JsonData;
  readonly sum?: JsonData;
  readonly histogram?: JsonData;
}

interface JsonRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly JsonMetric[] }[];
  }[];
}

export function decodeJson(body: Buffer): ReceivedMetrics {
  const [resourceMetrics] = (JSON.parse(body.toString()) as JsonRequest).resourceMetrics;
  const metrics = resourceMetrics?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
  return {
    resource: jsonAttributes(resourceMetrics?.resource.attributes ?? []),
    metrics: byName(metrics.map(fromJson)),
  };
}

function fromJson(metric: JsonMetric): ReceivedMetric {
  const kind = metric.histogram ? 'histogram' : metric.sum ? 'sum' : 'gauge';
  const data = metric[kind];
  return {
    name: metric.name,
    unit: metric.unit,
    kind,
    temporality: kind === 'gauge' ? 0 : (data?.aggregationTemporality ?? 0),
    monotonic: data?.isMonotonic ?? false,
    points: (data?.dataPoints ?? []).map((point): ReceivedPoint => {
      const attributes = jsonAttributes(point.attributes);
      if (kind !== 'histogram') {
        return { attributes, value: point.asDouble ?? point.asInt ?? Number.NaN };
      }
      const { count = Number.NaN, sum = Number.NaN, explicitBounds = [], bucketCounts = [] } = point;
      return { attributes, count, sum, bounds: explicitBounds, buckets: bucketCounts };
    }),
  };
}

function jsonAttributes(attributes: readonly JsonAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}
