import { monitorEventLoopDelay } from 'node:perf_hooks';

export const histogram = monitorEventLoopDelay({ resolution: 10 });
histogram.enable();
