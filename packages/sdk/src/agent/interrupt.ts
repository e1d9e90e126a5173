// Runs a probe inside whatever code blocks the main thread. Connect, send, disconnect, all at once:
// the evaluation still runs, and the probe answers over its own port. A session kept open would print
// to standard error at exit, and with `--inspect` it would keep the process from exiting at all.
// Never a Debugger domain, a pause, or Runtime.terminateExecution (FACTS).
import { Session } from 'node:inspector';

/** Frees the application from an endless probe: one whose own code the application has replaced. */
const timeoutMs = 50;

/** Throws where the inspector can't be reached. */
export function interruptMain(expression: string): void {
  const session = new Session();
  session.connectToMainThread();
  try {
    session.post('Runtime.evaluate', {
      expression,
      timeout: timeoutMs,
      silent: true,
      disableBreaks: true,
      returnByValue: true,
    });
  } finally {
    session.disconnect();
  }
}
