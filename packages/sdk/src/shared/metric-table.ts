// Made from the catalogue by `npm run docs`, which the application's thread may not load: change it there.

/** Each metric in a line: its name, its instrument and its attributes. */
export const metricTable: string = `
loopscope.eventloop.delay histogram thread
nodejs.eventloop.delay.min gauge thread
nodejs.eventloop.delay.max gauge thread
nodejs.eventloop.delay.mean gauge thread
nodejs.eventloop.delay.stddev gauge thread
nodejs.eventloop.delay.p50 gauge thread
nodejs.eventloop.delay.p90 gauge thread
nodejs.eventloop.delay.p99 gauge thread
loopscope.eventloop.delay.explained gauge thread
nodejs.eventloop.utilization gauge thread
nodejs.eventloop.time counter nodejs.eventloop.state thread
loopscope.eventloop.iterations counter thread
loopscope.eventloop.events counter thread
loopscope.eventloop.events.waiting counter thread
loopscope.eventloop.stall.duration histogram cause phase thread
loopscope.eventloop.stall.time counter phase thread
loopscope.eventloop.stall.culprit.time counter code.function.name code.file.path fingerprint thread
loopscope.eventloop.stall.requests counter thread
loopscope.eventloop.stall.requests.time counter thread
loopscope.eventloop.stall.active updowncounter thread
loopscope.eventloop.stall.age gauge thread
loopscope.process.suspensions counter
loopscope.process.suspension.time counter
loopscope.overload.share gauge thread
loopscope.overload.requests counter thread
loopscope.async.operations counter thread
loopscope.async.tasks.created counter type thread
loopscope.async.tasks.destroyed counter type thread
loopscope.async.tasks.live updowncounter type thread
loopscope.async.level updowncounter level thread
loopscope.leak.suspected updowncounter kind type thread
loopscope.listener.warnings counter thread
v8js.gc.duration histogram v8js.gc.type thread
loopscope.gc.utilization gauge thread
v8js.memory.heap.space.size updowncounter v8js.heap.space.name thread
v8js.memory.heap.used updowncounter v8js.heap.space.name thread
v8js.memory.heap.space.available_size updowncounter v8js.heap.space.name thread
v8js.memory.heap.space.physical_size updowncounter v8js.heap.space.name thread
loopscope.memory.external updowncounter thread
v8js.resource.active updowncounter v8js.resource.type thread
loopscope.threadpool.wait histogram
loopscope.threadpool.size updowncounter
loopscope.threadpool.pending updowncounter type
loopscope.threadpool.saturated updowncounter
process.cpu.time counter cpu.mode
loopscope.thread.cpu.time counter thread
loopscope.thread.cpu.wait counter thread
process.context_switches counter process.context_switch.type
process.paging.faults counter system.paging.fault.type
process.thread.count updowncounter
process.unix.file_descriptor.count updowncounter
loopscope.process.file_descriptor.limit updowncounter
process.memory.usage updowncounter
process.uptime gauge
loopscope.cgroup.cpu.limit gauge
loopscope.cgroup.cpu.periods counter
loopscope.cgroup.cpu.throttled.periods counter
loopscope.cgroup.cpu.throttled.time counter
loopscope.cgroup.memory.limit updowncounter
loopscope.cgroup.memory.usage updowncounter
loopscope.pressure.time counter resource kind
loopscope.agent.cpu.time counter
loopscope.agent.thread.time counter part thread
loopscope.agent.limited gauge feature
loopscope.agent.captures counter outcome
loopscope.agent.starts counter
loopscope.agent.failures counter part
loopscope.agent.dropped counter exporter
loopscope.alert.active updowncounter alert severity
loopscope.alert.notifications counter receiver outcome
`;
