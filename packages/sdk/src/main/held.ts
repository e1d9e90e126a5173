// Methods of the language held since load, as functions of their receiver. The probe runs when the
// application may have replaced any of them, or the very `call` and `apply` that would call a held one.
import { builtin } from '../shared/builtin.ts';

const { MessagePort } = builtin('node:worker_threads');
const { bind, call } = Function.prototype;

function uncurried<Receiver, Arguments extends unknown[], Result>(
  method: (this: Receiver, ...values: Arguments) => Result,
): (receiver: Receiver, ...values: Arguments) => Result {
  return bind.call(call, method) as (receiver: Receiver, ...values: Arguments) => Result;
}

export const stringSlice: (text: string, start: number, end: number) => string = uncurried(
  String.prototype.slice,
);

/** Neither fulfilment nor rejection may surface in the application. */
export const promiseThen: <Value>(
  promise: Promise<Value>,
  fulfilled: (value: Value) => void,
  rejected: (error: unknown) => void,
) => Promise<void> = uncurried(Promise.prototype.then) as never;

/** Posts without a transfer list. */
export const postMessage: (port: InstanceType<typeof MessagePort>, message: unknown) => void =
  // Absent where the preload does nothing.
  MessagePort === undefined ? () => {} : uncurried(MessagePort.prototype.postMessage);
