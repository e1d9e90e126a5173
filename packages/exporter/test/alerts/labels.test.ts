import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { fingerprintOf, identityLabels, seriesLabels } from '../../src/alerts/labels.ts';

describe('job and instance', () => {
  test.each([
    [{}, 'unknown_service:node', `${hostname()}:${process.pid}`],
    [{ OTEL_SERVICE_NAME: 'shop' }, 'shop', `${hostname()}:${process.pid}`],
    [
      {
        OTEL_RESOURCE_ATTRIBUTES:
          'service.name=a,service.namespace=eu%2Fwest,service.instance.id=7f,host.name=box',
      },
      'eu/west/a',
      '7f',
    ],
    [
      { OTEL_SERVICE_NAME: 'b', OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,host.name=box' },
      'b',
      `box:${process.pid}`,
    ],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'malformed' }, 'unknown_service:node', `${hostname()}:${process.pid}`],
  ])('of %j are %s and %s', (environment, job, instance) => {
    expect(identityLabels(environment)).toEqual({ job, instance });
  });
});

test("attributes become labels that Prometheus takes, and the alert's own win", () => {
  const own = { alertname: 'a', severity: 'info' };
  const attributes = { 'nodejs.eventloop.state': 'active', '9 lives': '\ud800x', severity: 'high' };
  expect(seriesLabels(own, attributes)).toEqual({
    alertname: 'a',
    severity: 'info',
    nodejs_eventloop_state: 'active',
    _9_lives: '\ufffdx',
  });
});

test('a fingerprint is of the labels, in whatever order', () => {
  expect(fingerprintOf({ a: '1', b: '2' })).toBe(fingerprintOf({ b: '2', a: '1' }));
  const others = [{}, { a: '1' }, { a: '12' }, { a: '1', b: '' }, { a: '2', b: '1' }, { 'a","b': '1' }];
  expect(new Set([{ a: '1', b: '2' }, ...others].map(fingerprintOf)).size).toBe(others.length + 1);
});
