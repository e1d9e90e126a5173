// Runs a probe inside whatever code blocks a thread. Connect, send, disconnect, all at once:
// the evaluation still runs, and the probe answers over its own port. A session kept open would print
// to standard error at exit, and with `--inspect` it would keep the process from exiting at all.
// Never a Debugger domain, a pause, or Runtime.terminateExecution (FACTS). A worker thread is reached
// through the main thread (main/relay.ts), so not while that one is inside a native call.
import { Session } from 'node:inspector';
import { slotName } from '../shared/slot-name.ts';

/** Frees the application from an endless probe: one whose own code the application has replaced. */
const timeoutMs = 50;
/** A relay is code of our own; cut short it would leave its session open. */
const relayTimeoutMs = 250;

const slot = `globalThis[Symbol.for(${JSON.stringify(slotName)})]`;

/** Calls a function of the slot on a thread, 0 for main. Throws where the inspector can't be reached. */
export function interruptThread(
  threadId: number,
  name: 'probe' | 'position',
  ...values: readonly (string | number)[]
): void {
  if (threadId === 0) {
    interruptMain(`${slot}?.${name}(${JSON.stringify(values).slice(1, -1)})`);
  } else {
    interruptMain(`${slot}?.relay(${threadId}, ${JSON.stringify([name, ...values])})`, relayTimeoutMs);
  }
}

/** Throws where the inspector can't be reached. */
export function interruptMain(expression: string, timeout: number = timeoutMs): void {
  const session = new Session();
  session.connectToMainThread();
  try {
    session.post('Runtime.evaluate', {
      expression,
      timeout,
      silent: true,
      disableBreaks: true,
      returnByValue: true,
    });
  } finally {
    session.disconnect();
  }
}
