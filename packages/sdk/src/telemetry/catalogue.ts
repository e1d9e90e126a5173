// Every metric that Loopscope emits. Instruments, docs/METRICS.md, dashboards and tests are checked
// against this table, both ways. Standard names are taken verbatim from the OpenTelemetry semantic
// conventions; what they lack is named `loopscope.*`, never inside their namespaces.
import { agentMetrics } from './catalogue/agent.ts';
import { alertMetrics } from './catalogue/alerts.ts';
import { eventLoopMetrics } from './catalogue/event-loop.ts';
import { overloadMetrics } from './catalogue/overload.ts';
import { processMetrics } from './catalogue/process.ts';
import { stallMetrics } from './catalogue/stalls.ts';
import { taskMetrics } from './catalogue/tasks.ts';
import { threadPoolMetrics } from './catalogue/thread-pool.ts';
import { v8Metrics } from './catalogue/v8.ts';

export const catalogue = [
  ...eventLoopMetrics,
  ...stallMetrics,
  ...overloadMetrics,
  ...taskMetrics,
  ...v8Metrics,
  ...threadPoolMetrics,
  ...processMetrics,
  ...agentMetrics,
  ...alertMetrics,
] as const;

export type MetricName = (typeof catalogue)[number]['name'];
