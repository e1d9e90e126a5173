// Where a thread sleeps in a futex, from outside of it: its stack pointer and the instruction, which are the
// same each time it comes there by the same way. Linux only. Opened for each reading, so that no descriptor of
// the application's is kept; it is read only while a worker's loop does not turn.
import { readSmallFile } from './system/small-file.ts';

/** Numbers of the system calls `futex` and `restart_syscall`, which goes on with it after a signal. */
const futexCalls: Readonly<Record<string, readonly string[]>> = {
  x64: ['202', '219'],
  arm64: ['98', '128'],
};

/** `thread`: its id as the system has it. Undefined where it does not sleep in a futex. */
export function readSleepingPlace(thread: number): string | undefined {
  // None where it is not Linux, not permitted, or a kernel without this file.
  const text = readSmallFile(`/proc/self/task/${thread}/syscall`);
  return text === undefined ? undefined : parseSleepingPlace(text, process.arch);
}

/** By the text of `syscall`, as proc(5) has it. Pure. */
export function parseSleepingPlace(text: string, architecture: string): string | undefined {
  const fields = text.trim().split(' ');
  const [call = ''] = fields;
  return fields.length === 9 && futexCalls[architecture]?.includes(call)
    ? fields.slice(-2).join(' ')
    : undefined;
}
