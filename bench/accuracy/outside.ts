// What is done to a process from outside. Each ends with the process as it was.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { setTimeout as pass } from 'node:timers/promises';
import { DebuggerClient } from '../../test/harness/debugger-client.ts';
import { until } from '../../test/harness/until.ts';
import { endsWithUs } from '../harness/children.ts';
import { sharedNow } from '../harness/clock.ts';
import type { RunningProcess } from '../harness/running-process.ts';
import { benchFile } from '../harness/variant.ts';
import type { Forbidden } from './truth.ts';

/** Holds and frees it again and again, until so long has passed. */
async function holdAgain(
  why: Forbidden['why'],
  lengthMs: number,
  hold: () => Promise<void> | void,
  free: () => Promise<void> | void,
): Promise<readonly Forbidden[]> {
  const spans: Forbidden[] = [];
  const end = sharedNow() + lengthMs - 1_500;
  for (let turn = 0; sharedNow() < end; turn += 1) {
    await pass(600 + 130 * (turn % 3));
    const start = sharedNow();
    await hold();
    await pass(300 + 190 * (turn % 4));
    await free();
    spans.push({ why, start, end: sharedNow() });
  }
  return spans;
}

export function suspend({ pid }: RunningProcess, lengthMs: number): Promise<readonly Forbidden[]> {
  return holdAgain(
    'suspended',
    lengthMs,
    () => void process.kill(pid, 'SIGSTOP'),
    () => void process.kill(pid, 'SIGCONT'),
  );
}

export async function pauseByDebugger(
  running: RunningProcess,
  lengthMs: number,
): Promise<readonly Forbidden[]> {
  const { match } = await running.printed(/Debugger listening on (ws:\S+)/);
  await using client = await DebuggerClient.connect(match[1] ?? '');
  await client.send('Debugger.enable');
  return await holdAgain(
    'debugger',
    lengthMs,
    async () => {
      await client.send('Debugger.pause');
      await client.event('Debugger.paused');
    },
    () => client.send('Debugger.resume'),
  );
}

/** Others want the only processor that the process may use, and it has the lowest priority. */
export async function compete({ pid }: RunningProcess, lengthMs: number): Promise<readonly Forbidden[]> {
  const processor = availableParallelism() - 1;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    setPriority(Number(thread), 19);
  }
  await run('taskset', ['-acp', String(processor), String(pid)]);
  const end = sharedNow() + lengthMs - 1_000;
  while (sharedNow() < end) {
    await pass(700);
    const command = ['-c', String(processor), process.execPath, benchFile('accuracy/program/compete.mjs')];
    const competitors = [1, 2].map(() => spawn('taskset', command, { stdio: 'ignore' }));
    competitors.forEach(endsWithUs);
    await pass(1_300);
    for (const competitor of competitors) {
      competitor.kill('SIGKILL');
    }
  }
  return [];
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`)),
    );
  });
}

const legacyFolder = '/sys/fs/cgroup/cpu';
const unifiedFolder = '/sys/fs/cgroup';
const periodMicroseconds = 100_000;
const quotaMicroseconds = 12_000;

export const throttle = {
  unavailable(): string | undefined {
    const legacy = existsSync(`${legacyFolder}/cpu.cfs_quota_us`);
    const controllers = `${unifiedFolder}/cgroup.subtree_control`;
    const unified = existsSync(controllers) && readFileSync(controllers, 'utf8').includes('cpu');
    if (!legacy && !unified) {
      return 'no control group with a CPU quota';
    }
    try {
      const folder = makeGroup('probe');
      rmdirSync(folder);
      return undefined;
    } catch {
      return 'control groups may not be made here';
    }
  },

  /** An eighth of a processor, which is less than it needs. */
  async apply({ pid }: RunningProcess, lengthMs: number): Promise<readonly Forbidden[]> {
    const folder = makeGroup(String(pid));
    const parent = folder.slice(0, folder.lastIndexOf('/'));
    writeFileSync(`${folder}/cgroup.procs`, String(pid));
    await pass(lengthMs - 1_000);
    writeFileSync(`${parent}/cgroup.procs`, String(pid));
    await until('the control group is empty', () => {
      rmdirSync(folder);
      return true;
    });
    return [];
  },
};

function makeGroup(name: string): string {
  const legacy = existsSync(`${legacyFolder}/cpu.cfs_quota_us`);
  const folder = `${legacy ? legacyFolder : unifiedFolder}/accuracy-${name}`;
  mkdirSync(folder);
  if (legacy) {
    writeFileSync(`${folder}/cpu.cfs_period_us`, String(periodMicroseconds));
    writeFileSync(`${folder}/cpu.cfs_quota_us`, String(quotaMicroseconds));
  } else {
    writeFileSync(`${folder}/cpu.max`, `${quotaMicroseconds} ${periodMicroseconds}`);
  }
  return folder;
}
