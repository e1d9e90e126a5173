// On what a figure was measured, without which it says little.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';

export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly system: string;
}

export function describeMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    system: `${process.platform} ${release()} ${process.arch}`,
  };
}

/** Load averages of 1, 5 and 15 minutes and the tasks that run, as Linux tells them. */
export function readLoad(): string {
  return readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 4).join(' ');
}
