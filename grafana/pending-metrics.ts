// Metrics that dashboards and rules already speak of and that the catalogue does not hold yet. When it
// holds them all this file goes.
import type { MetricDefinition } from '../packages/sdk/src/telemetry/index.ts';

type Pending = Pick<MetricDefinition, 'name' | 'instrument' | 'unit'> & {
  readonly attributes: readonly string[];
};

const own = (
  name: string,
  instrument: MetricDefinition['instrument'],
  unit: string,
  ...attributes: string[]
): Pending => ({ name, instrument, unit, attributes });

export const pendingMetrics: readonly Pending[] = [
  own(
    'loopscope.eventloop.stall.culprit.time',
    'counter',
    's',
    'code.function.name',
    'code.file.path',
    'fingerprint',
    'thread',
  ),
  own('loopscope.eventloop.stall.requests', 'counter', '{request}', 'thread'),
];
