// Processes that a benchmark has started must not outlive it, however it ends.
import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});
for (const [signal, exitCode] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.once(signal, () => process.exit(exitCode));
}

/** Ends the child with this process, unless it has ended before. */
export function endsWithUs(child: ChildProcess): void {
  running.add(child);
  child.once('close', () => running.delete(child));
}
