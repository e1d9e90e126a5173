// What entries of the catalogue have in common.

export const standard = { source: 'OpenTelemetry semantic conventions', platforms: 'all' } as const;
export const own = { source: 'Loopscope', platforms: 'all' } as const;
export const thread = {
  thread:
    "The application thread that is measured: `main`, or a worker thread's name (`worker` where it has none) and slot, such as `worker-1`. A slot is free again when its thread has ended; then gauges end, and counters go on with the next.",
};
