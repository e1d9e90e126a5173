// Follows each server request through its async context, so that the probe can name the one in hand.
// From Node 24 this costs nothing measurable; on 22 it turns promise hooks on, hence the option.
import { builtin } from '../shared/builtin.ts';
import type { StalledRequest } from '../shared/stall.ts';
import type { OwnTime } from './own-time.ts';
import { requestOf } from './request-facts.ts';

const { AsyncLocalStorage } = builtin('node:async_hooks');
const { subscribe, unsubscribe } = builtin('node:diagnostics_channel');

const requestStarted = 'http.server.request.start';

/** As far as Express fills it in; a plain `http` server leaves only the method. */
interface ServerRequest {
  readonly method?: unknown;
  readonly baseUrl?: unknown;
  readonly route?: { readonly path?: unknown };
}

export interface RequestFollower {
  current(): StalledRequest | undefined;
  stop(): void;
}

export function followRequests(own: OwnTime): RequestFollower {
  // Weak: a context lives as long as the last timer or socket that was made in it.
  const storage = new AsyncLocalStorage<WeakRef<ServerRequest>>();
  const onStart = own.sampling('request', (message) => {
    // The channel publishes rather than runs with a store, so `bindStore` would see nothing.
    storage.enterWith(new WeakRef((message as { request: ServerRequest }).request));
  });
  subscribe(requestStarted, onStart);
  return {
    current: () => {
      const request = storage.getStore()?.deref();
      return request && requestOf(request.method, routeOf(request));
    },
    stop: () => {
      unsubscribe(requestStarted, onStart);
      storage.disable();
    },
  };
}

// A mounted router's own path is known only as it was requested (`baseUrl`), which may carry
// identifiers: a star stands for it.
function routeOf({ baseUrl, route }: ServerRequest): string | undefined {
  const path = route?.path;
  if (typeof path !== 'string') {
    return undefined;
  }
  return baseUrl === '' ? path : `*${path}`;
}
