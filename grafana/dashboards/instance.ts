// Instance: everything about few instances, from the loop outwards to the machine.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './frame.ts';
import { cpu, denied, throttling } from './instance/cpu.ts';
import { culprits, delay, delayHeatmap, lost, utilization } from './instance/loop.ts';
import { gc, heap, resident } from './instance/memory.ts';
import { descriptors, pressure, switches } from './instance/process.ts';
import { poolJobs, poolSaturation, poolWait } from './instance/thread-pool.ts';
import { handles, leaks, operations, tasks, waiting } from './instance/work.ts';

export function instance(): sdk.Dashboard {
  return dashboard({
    uid: 'loopscope-instance',
    title: 'Loopscope / Instance',
    description:
      'One process in full: its loops, its work, its thread pool, memory, CPU and what the machine takes from it. Choose one instance.',
    from: 'now-1h',
    marksStalls: true,
    sections: [
      { title: 'The loop', panels: [delay(), delayHeatmap(), utilization(), culprits(), lost()] },
      { title: 'Work', panels: [handles(), tasks(), operations(), leaks(), waiting()] },
      { title: "libuv's thread pool", panels: [poolJobs(), poolWait(), poolSaturation()] },
      { title: 'Memory', panels: [gc(), heap(), resident()] },
      { title: 'CPU and what it is denied', panels: [cpu(), denied(), throttling()] },
      { title: 'Process', panels: [descriptors(), switches(), pressure()] },
    ],
  });
}
