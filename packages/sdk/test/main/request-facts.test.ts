import { describe, expect, test } from 'vitest';
import { requestOf } from '../../src/main/request-facts.ts';

describe('a request is told by', () => {
  test.each<[string, unknown, unknown, unknown]>([
    ['its method and route', 'GET', '/orders/:id', { method: 'GET', route: '/orders/:id' }],
    ['its method, where no route is known', 'POST', undefined, { method: 'POST' }],
    ['its method, where the route is no text', 'POST', /^\/orders/, { method: 'POST' }],
    ['its method, where the route is empty', 'PUT', '', { method: 'PUT' }],
    ['its method, where the route carries a query', 'GET', '/orders?token=secret', { method: 'GET' }],
    ['a method of several words', 'M-SEARCH', '/', { method: 'M-SEARCH', route: '/' }],
    [
      'its method and the start of a route without end',
      'GET',
      `/${'a'.repeat(1e6)}`,
      { method: 'GET', route: `/${'a'.repeat(199)}` },
    ],
  ])('%s', (_name, method, route, told) => {
    expect(requestOf(method, route)).toEqual(told);
  });

  test.each([undefined, null, 7, '', 'GET /orders', 'G\nET', 'GET\u0000', 'A'.repeat(21), {}, ['GET']])(
    'nothing, where its method is %j',
    (method) => {
      expect(requestOf(method, '/orders')).toBeUndefined();
    },
  );
});
