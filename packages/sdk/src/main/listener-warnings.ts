// Emitters with too many listeners: Node's own warning of it, counted. A listener of `warning` more does
// not change what Node prints.

export interface ListenerWarnings {
  readonly count: () => number;
  readonly stop: () => void;
}

export function countListenerWarnings(): ListenerWarnings {
  let count = 0;
  const onWarning = (warning: unknown): void => {
    try {
      if ((warning as { name?: unknown } | undefined)?.name === 'MaxListenersExceededWarning') {
        count += 1;
      }
    } catch {
      // A warning of the application's own making: its `name` may throw.
    }
  };
  process.on('warning', onWarning);
  return { count: () => count, stop: () => process.off('warning', onWarning) };
}
