// What may be told of a request: its method and its route template. Never its path, which carries
// identifiers, nor anything else of it.
import type { StalledRequest } from '../shared/stall.ts';

const longestRoute = 200;

export function requestOf(method: unknown, route: unknown): StalledRequest | undefined {
  if (typeof method !== 'string' || !/^[A-Z-]{1,20}$/i.test(method)) {
    return undefined;
  }
  const told = typeof route === 'string' && route !== '' && !route.includes('?');
  return told ? { method, route: route.slice(0, longestRoute) } : { method };
}
