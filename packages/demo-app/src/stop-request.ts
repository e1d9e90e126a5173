// One way to be asked to end, for every process of the demo. The runner's children live in process
// groups of their own, so that Ctrl-C reaches the runner alone; the loss of its channel ends them
// even where the runner was killed.

/** Calls `stop` once, when the process is asked to end or loses the process that started it. */
export function onStopRequest(stop: () => void): void {
  let asked = false;
  const once = (): void => {
    if (!asked) {
      asked = true;
      stop();
    }
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    process.on(event, once);
  }
}
