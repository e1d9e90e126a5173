import { describe, expect, test } from 'vitest';
import {
  backoffMs,
  isRetryableCode,
  isRetryableStatus,
  parseRetryAfter,
} from '../../src/http/retry-policy.ts';

describe('retries', () => {
  test('follow the statuses that the specification names, and no others', () => {
    const statuses = [301, 400, 401, 403, 404, 408, 413, 429, 500, 501, 502, 503, 504, 505];
    expect(statuses.filter(isRetryableStatus)).toEqual([429, 502, 503, 504]);
  });

  test('follow failures of the network, but not what a second later will be the same', () => {
    const codes = [
      'ECONNREFUSED',
      'ECONNRESET',
      'ETIMEDOUT',
      'ENOTFOUND',
      'ETIMEOUT',
      'EHOSTUNREACH',
      'EPIPE',
    ];
    expect(codes.filter((code) => !isRetryableCode(code))).toEqual([]);
    const lasting = [
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'HPE_INVALID_CONSTANT',
      'ERR_ACCESS_DENIED',
      'EPROTO',
    ];
    expect(lasting.filter(isRetryableCode)).toEqual([]);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');

  test.each([
    ['7', 7000],
    [' 120 ', 120_000],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sunday, 22-Nov-26 12:00:30 GMT', 30_000],
  ])('of %s is %i ms', (header, milliseconds) => {
    expect(parseRetryAfter(header, now)).toBe(milliseconds);
  });

  test.each([
    undefined,
    '',
    '0',
    '-5',
    '1.5',
    '1e9',
    '0x10',
    '99999999999',
    'soon',
    'retry in 5 seconds',
    'Sun, 22 Nov 2026 11:59:30 GMT',
    'Sun, 99 Nov 2026 12:00:30 GMT',
  ])('of %s is none', (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });
});

test('the backoff grows to its bound, with a fifth of jitter around it', () => {
  expect([1, 2, 3, 4, 5, 50].map((retry) => backoffMs(retry, 0.5))).toEqual([
    1000, 1500, 2250, 3375, 5000, 5000,
  ]);
  expect(backoffMs(1, 0)).toBeCloseTo(800);
  expect(backoffMs(1, 1)).toBeCloseTo(1200);
});
