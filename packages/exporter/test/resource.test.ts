import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { createResource, parseResourceAttributes } from '../src/resource.ts';

const quiet = (): void => {};

describe('OTEL_RESOURCE_ATTRIBUTES', () => {
  test('is read percent-decoded, with spaces around and empty entries left out', () => {
    expect(
      Object.fromEntries(parseResourceAttributes(' team = a%20b , k%3D1=v%2C2,,deployment=') ?? []),
    ).toEqual({
      team: 'a b',
      'k=1': 'v,2',
      deployment: '',
    });
  });

  test.each(['novalue', 'a=1,b', 'a=b=c', '=x', 'a=%', 'a=%E0%A4%A', `a=${'x'.repeat(256)}`])(
    'is dropped as a whole for %s',
    (text) => {
      const said: string[] = [];
      const resource = createResource({ OTEL_RESOURCE_ATTRIBUTES: `good=1,${text}` }, (line) =>
        said.push(line),
      );
      expect(resource.attributes['good']).toBeUndefined();
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^OTEL_RESOURCE_ATTRIBUTES="good=1,.* is ignored: expected /);
    },
  );

  test('can name a prototype without becoming one', () => {
    const { attributes } = createResource({ OTEL_RESOURCE_ATTRIBUTES: '__proto__=x,constructor=y' }, quiet);
    expect(attributes['constructor']).toBe('y');
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
  });
});

describe('the resource', () => {
  test('describes the process and nothing of its command line or user', () => {
    const { attributes } = createResource({}, quiet);
    expect(attributes).toEqual({
      'service.name': 'unknown_service:node',
      'service.instance.id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'process.pid': process.pid,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'host.name': hostname(),
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': '3.1.0',
    });
  });

  test('is another instance each time', () => {
    const ids = [1, 2].map(() => createResource({}, quiet).attributes['service.instance.id']);
    expect(new Set(ids).size).toBe(2);
  });

  test('takes the service name from its own variable before the attributes', () => {
    const attributes = 'service.name=from-attributes,host.name=given,telemetry.sdk.name=forged';
    const fromBoth = createResource(
      { OTEL_SERVICE_NAME: 'shop', OTEL_RESOURCE_ATTRIBUTES: attributes },
      quiet,
    );
    const fromOne = createResource({ OTEL_RESOURCE_ATTRIBUTES: attributes }, quiet);
    expect(fromBoth.attributes['service.name']).toBe('shop');
    expect(fromOne.attributes['service.name']).toBe('from-attributes');
    expect(fromOne.attributes['host.name']).toBe('given');
    expect(fromOne.attributes['telemetry.sdk.name']).toBe('opentelemetry');
  });
});
