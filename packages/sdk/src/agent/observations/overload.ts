// How much of its requests each thread is better off without, and has refused.
import type { ObservationParts, Observe } from './parts.ts';

export function observeOverload({ threads }: ObservationParts, observe: Observe): void {
  for (const { identity, overload } of threads()) {
    const attributes = { thread: identity.name };
    observe('loopscope.overload.share', overload.share, attributes);
    observe('loopscope.overload.requests', overload.refused, attributes);
  }
}
