// Our few words to people. Written to the descriptor at once: `process.stderr` would be created as a
// side effect on the application's thread, and on the agent's thread it passes through the main
// thread, which may be the one that is blocked.
import { builtin } from './builtin.ts';

const { writeSync } = builtin('node:fs');

const said = new Set<string>();
const mostLines = 100;

/** Says one line on standard error, once per text, at most 100 in a process's life. */
export function sayOnce(line: string): void {
  if (said.size < mostLines && !said.has(line)) {
    said.add(line);
    write(`loopscope: ${line}\n`);
  }
}

/** As `sayOnce`, for whoever runs with `NODE_DEBUG=loopscope`, and every time. */
export function debugTo(enabled: boolean): (line: string) => void {
  return enabled ? (line) => write(`LOOPSCOPE ${process.pid}: ${line}\n`) : () => {};
}

function write(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Standard error may be closed, full or forbidden; nobody is left to be told.
  }
}
