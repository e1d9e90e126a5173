// The look at a join before it is believed: `workerMessage` can be sent by any code of the process.
import { MessagePort } from 'node:worker_threads';
import { type ThreadJoin, wireVersion } from '../shared/messages.ts';

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isNumber = (value: unknown): boolean => Number.isFinite(value);

/** By field of the join. */
const accepts: Readonly<Record<keyof ThreadJoin, (value: unknown) => boolean>> = {
  version: (value) => value === wireVersion,
  kind: (value) => value === 'join',
  thread: (value) => {
    const { id, name } = (value ?? {}) as { id?: unknown; name?: unknown };
    return Number.isSafeInteger(id) && typeof name === 'string';
  },
  heartbeat: (value) => {
    const { count, mean } = (value ?? {}) as { count?: unknown; mean?: unknown };
    // The mean of nothing is no number.
    return isNumber(count) && typeof mean === 'number';
  },
  heartbeatMs: (value) => isNumber(value) && (value as number) >= 1,
  since: isNumber,
  taskId: (value) => value === undefined || Number.isSafeInteger(value),
  words: (value) =>
    value instanceof Int32Array && value.buffer instanceof SharedArrayBuffer && value.length > 0,
  port: (value) => value instanceof MessagePort,
  inspectorOpen: isBoolean,
  captures: isBoolean,
  sourceMaps: isBoolean,
  ownScript: (value) => typeof value === 'string',
  tasks: (value) => typeof value === 'object' && value !== null,
};

export function isThreadJoin(message: unknown): message is ThreadJoin {
  if (typeof message !== 'object' || message === null) {
    return false;
  }
  const fields = message as Record<string, unknown>;
  return Object.entries(accepts).every(([field, accept]) => accept(fields[field]));
}
