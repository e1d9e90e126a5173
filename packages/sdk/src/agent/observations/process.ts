// The process and its threads, as the operating system sees them.
import type { ObservationParts, Observe } from './parts.ts';

export function observeProcess({ threads }: ObservationParts, observe: Observe): void {
  const { user, system } = process.cpuUsage();
  observe('process.cpu.time', user / 1e6, { 'cpu.mode': 'user' });
  observe('process.cpu.time', system / 1e6, { 'cpu.mode': 'system' });
  for (const { identity, readings } of threads()) {
    const cpuMs = readings.latest?.cpu;
    observe('loopscope.thread.cpu.time', cpuMs && cpuMs / 1000, { thread: identity.name });
  }
  observe('process.memory.usage', process.memoryUsage.rss());
  observe('process.uptime', process.uptime());
}
