// The plainest count of async tasks there is, by async_hooks, as articles show it: promises are among them.
import { createHook } from 'node:async_hooks';

let live = 0;
createHook({
  init: () => {
    live += 1;
  },
  destroy: () => {
    live -= 1;
  },
}).enable();
globalThis.liveTasks = () => live;
