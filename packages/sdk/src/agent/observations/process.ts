// The process and its threads, as the operating system sees them, and what it lets them use.
import type { ObservationParts, Observe } from './parts.ts';

export function observeProcess(parts: ObservationParts, observe: Observe): void {
  const { user, system } = process.cpuUsage();
  observe('process.cpu.time', user / 1e6, { 'cpu.mode': 'user' });
  observe('process.cpu.time', system / 1e6, { 'cpu.mode': 'system' });
  observe('process.memory.usage', process.memoryUsage.rss());
  observe('process.uptime', process.uptime());
  observeThreads(parts, observe);
  observeCounts(parts, observe);
  observeCgroup(parts, observe);
  for (const { resource, kind, ms } of parts.system.read().pressure) {
    observe('loopscope.pressure.time', ms / 1000, { resource, kind });
  }
}

function observeThreads({ threads, system }: ObservationParts, observe: Observe): void {
  for (const { identity, readings, taskId } of threads()) {
    const attributes = { thread: identity.name };
    const cpuMs = readings.latest?.cpu;
    observe('loopscope.thread.cpu.time', cpuMs && cpuMs / 1000, attributes);
    const schedule = taskId === undefined ? undefined : system.schedule(taskId);
    observe('loopscope.thread.cpu.wait', schedule && schedule.waitMs / 1000, attributes);
  }
}

function observeCounts({ system }: ObservationParts, observe: Observe): void {
  const reading = system.read();
  const switches = 'process.context_switches';
  observe(switches, reading.voluntarySwitches, { 'process.context_switch.type': 'voluntary' });
  observe(switches, reading.involuntarySwitches, { 'process.context_switch.type': 'involuntary' });
  observe('process.paging.faults', reading.majorFaults, { 'system.paging.fault.type': 'major' });
  observe('process.paging.faults', reading.minorFaults, { 'system.paging.fault.type': 'minor' });
  observe('process.thread.count', reading.threads);
  observe('process.unix.file_descriptor.count', reading.descriptors);
  observe('loopscope.process.file_descriptor.limit', reading.descriptorLimit);
}

function observeCgroup({ system }: ObservationParts, observe: Observe): void {
  const { cpuLimit, cpuStatistics, memory } = system.read();
  observe('loopscope.cgroup.cpu.limit', cpuLimit);
  observe('loopscope.cgroup.cpu.periods', cpuStatistics?.periods);
  observe('loopscope.cgroup.cpu.throttled.periods', cpuStatistics?.throttledPeriods);
  observe('loopscope.cgroup.cpu.throttled.time', cpuStatistics && cpuStatistics.throttledMs / 1000);
  observe('loopscope.cgroup.memory.limit', memory.limitBytes);
  observe('loopscope.cgroup.memory.usage', memory.usageBytes);
}
