// `handle.setTasks(level, options)`: misuse is told at once, whether an agent runs or not.
import { invalidOption } from '../shared/resolve-options.ts';
import { changeFault, type TaskChange } from '../shared/tasks.ts';

/** Throws a TypeError that names the field and the value received. */
export function validateTaskChange(level: unknown, options: unknown = {}): TaskChange {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidOption('options', options, 'an object');
  }
  const change: Record<string, unknown> = { ...options, level };
  const fault = changeFault(change);
  if (fault !== undefined) {
    throw invalidOption(fault.field, change[fault.field], fault.expected);
  }
  return change as unknown as TaskChange;
}
