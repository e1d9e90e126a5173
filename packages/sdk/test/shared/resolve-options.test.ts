import { describe, expect, test } from 'vitest';
import { type LoopscopeOptions, optionTable, shown } from '../../src/shared/options.ts';
import { readEnvironment, resolveOptions, validateOptions } from '../../src/shared/resolve-options.ts';
import { optionValues } from './option-values.ts';

const defaults = {
  exporters: ['prometheus'],
  host: '127.0.0.1',
  port: 9465,
  endpointConfigured: false,
  stallThresholdMs: 100,
  request: true,
  profile: false,
  tasks: 'rate',
  taskPromises: false,
  leakCensus: true,
  leakWindowMs: 60_000,
  token: undefined,
  livezStoppedMs: 30_000,
  readyzSaturated: false,
  budgetPercent: 1,
  exitFlushMs: 100,
  alerts: undefined,
  alertmanagerUrl: undefined,
  alertmanagerHeaders: {},
  alertWebhookUrl: undefined,
  alertWebhookHeaders: {},
};

/** What holds on Node 24, as the preload has it. */
function resolvedFrom(environment: Record<string, string>, inCode: LoopscopeOptions = {}): object {
  return resolveOptions(inCode, readEnvironment(environment).options, environment, 24);
}

/** Each value with a name of one line. */
function named<T>(values: readonly T[]): [name: string, value: T][] {
  return values.map((value) => [shown(value), value]);
}

describe.each(optionTable)('$option', ({ option, variable, expected, problem, secret }) => {
  const { right, wrong, rightTexts, wrongTexts } = optionValues[option];

  test.each(named(right))('may be %s in code', (_name, value) => {
    expect(validateOptions({ [option]: value })).toEqual({ [option]: value });
  });

  test.each(named(wrong))('may not be %s in code', (_name, value) => {
    const received = secret ? '(hidden)' : shown(value);
    let error: unknown;
    try {
      validateOptions({ [option]: value });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'LOOPSCOPE_INVALID_OPTION', option });
    expect((error as Error).message).toContain(`option ${option}: received `);
    expect((error as Error).message).toContain(`${received}`);
    expect((error as Error).message).toContain(`expected ${problem?.(value)?.expected ?? expected}`);
  });

  test.each(rightTexts)('may be %j in the environment', (text, value) => {
    const { options, complaints } = readEnvironment({ [variable]: text });
    expect(options).toEqual({ [option]: value });
    expect(complaints).toEqual([]);
  });

  test.each(named(wrongTexts))(
    'may not be %s in the environment: one line says so, and the default holds',
    (_name, text) => {
      const { options, complaints } = readEnvironment({ [variable]: text });
      const received = secret ? '(hidden)' : shown(text);
      expect(complaints).toEqual([`${variable}=${received} is ignored: expected ${expected}`]);
      expect(complaints[0]).not.toMatch(/[\r\n]/);
      expect(options).toEqual({});
      expect(resolvedFrom({ [variable]: text })).toEqual(defaults);
    },
  );

  test('given in code wins over the environment', () => {
    const [text, inEnvironment] = rightTexts[0] ?? expect.fail('no text');
    const inCode = right.find((value) => JSON.stringify(value) !== JSON.stringify(inEnvironment));
    expect(inCode).toBeDefined();
    expect(resolvedFrom({ [variable]: text })).toHaveProperty(option, inEnvironment);
    expect(resolvedFrom({ [variable]: text }, { [option]: inCode })).toHaveProperty(option, inCode);
    const leftOut = { [option]: undefined } as LoopscopeOptions;
    expect(resolvedFrom({ [variable]: text }, leftOut)).toHaveProperty(option, inEnvironment);
  });
});

test('with nothing given, the defaults hold', () => {
  expect(resolvedFrom({})).toEqual(defaults);
  expect(resolvedFrom({ PATH: '/bin', LOOPSCOPEX: '1' })).toEqual(defaults);
});

test.each([
  [22, false],
  [24, true],
  [26, true],
])('on Node %i requests are followed unless told otherwise: %s', (nodeMajor, request) => {
  expect(resolveOptions({}, {}, {}, nodeMajor).request).toBe(request);
  expect(resolveOptions({ request: !request }, {}, {}, nodeMajor).request).toBe(!request);
});

describe('the endpoint counts as configured', () => {
  test.each([
    [{ LOOPSCOPE_PORT: '9465' }, {}, true],
    [{ LOOPSCOPE_HOST: '127.0.0.1' }, {}, true],
    [{}, { port: 0 }, true],
    [{}, { host: '::' }, true],
    [{ LOOPSCOPE_PORT: 'x' }, {}, false],
    [{ LOOPSCOPE_TOKEN: '12345678' }, { stallThresholdMs: 50 }, false],
  ])('with %j in the environment and %j in code: %s', (environment, inCode, configured) => {
    expect(resolvedFrom(environment, inCode)).toHaveProperty('endpointConfigured', configured);
  });
});

describe('the ways out', () => {
  const endpoint = 'http://127.0.0.1:4318';
  const both = ['prometheus', 'otlp'];

  test.each<[Record<string, string>, string[]]>([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, both],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint }, both],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint }, both],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, ['prometheus']],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }, ['prometheus']],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: 'none' }, ['prometheus']],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: 'console, otlp' }, both],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: '' }, both],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: 'otlphttp' }, ['prometheus']],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'True' }, ['prometheus']],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'false' }, both],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, LOOPSCOPE_EXPORTERS: 'none' }, []],
    [{ OTEL_SDK_DISABLED: 'true', LOOPSCOPE_EXPORTERS: 'otlp' }, ['otlp']],
    // The file says it.
    [{ OTEL_CONFIG_FILE: 'otel.yaml', OTEL_METRICS_EXPORTER: 'none' }, both],
    [{ OTEL_CONFIG_FILE: '' }, ['prometheus']],
  ])('with %j are %j', (environment, exporters) => {
    expect(resolvedFrom(environment)).toHaveProperty('exporters', exporters);
  });

  test('are each named once', () => {
    expect(resolvedFrom({ LOOPSCOPE_EXPORTERS: 'otlp,otlp' })).toHaveProperty('exporters', ['otlp']);
    expect(resolvedFrom({}, { exporters: ['otlp', 'prometheus', 'otlp'] })).toHaveProperty('exporters', [
      'otlp',
      'prometheus',
    ]);
  });
});

describe('the switch', () => {
  test.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('LOOPSCOPE_DISABLED=%s', (text, disabled) => {
    expect(readEnvironment({ LOOPSCOPE_DISABLED: text })).toEqual({ options: {}, disabled, complaints: [] });
  });

  test.each(['', 'yes', 'TRUE', 'x'.repeat(1_000_000)])(
    'set to anything else leaves it on, and says so',
    (text) => {
      const { disabled, complaints } = readEnvironment({ LOOPSCOPE_DISABLED: text });
      expect(disabled).toBe(false);
      expect(complaints).toEqual([`LOOPSCOPE_DISABLED=${shown(text)} is ignored: expected true or false`]);
    },
  );
});

describe('an unknown variable', () => {
  test('is named with its value, and with all that there are', () => {
    const { options, complaints } = readEnvironment({ LOOPSCOPE_PROT: '8080' });
    expect(options).toEqual({});
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(/^LOOPSCOPE_PROT="8080" is ignored: expected one of /);
    for (const variable of [...optionTable.map((each) => each.variable), 'LOOPSCOPE_DISABLED']) {
      expect(complaints[0]).toContain(variable);
    }
  });

  test.each([
    'LOOPSCOPE___proto__',
    'LOOPSCOPE_\u001b[31m\n',
    `LOOPSCOPE_${'X'.repeat(100_000)}`,
    'LOOPSCOPE_',
  ])('is told in one safe line, whatever its name: %j', (variable) => {
    const { complaints } = readEnvironment({ [variable]: 'a\nb' });
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(/^LOOPSCOPE_[\x20-\x7e]*$/);
    expect(complaints[0]?.length).toBeLessThan(1000);
  });

  test('keeps what looks like a secret to itself', () => {
    const { complaints } = readEnvironment({ LOOPSCOPE_TOKENS: 'hunter2-hunter2' });
    expect(complaints).toEqual([expect.stringMatching(/^LOOPSCOPE_TOKENS=/)]);
    expect(complaints[0]).not.toContain('hunter2');
  });
});

test('many mistakes are told one by one, and what is right still holds', () => {
  const environment = {
    LOOPSCOPE_PORT: '-1',
    LOOPSCOPE_HOST: '::1',
    LOOPSCOPE_REQUEST: 'maybe',
    LOOPSCOPE_X: '',
  };
  const { options, complaints } = readEnvironment(environment);
  expect(options).toEqual({ host: '::1' });
  expect(complaints.map((line) => line.split('=')[0])).toEqual([
    'LOOPSCOPE_PORT',
    'LOOPSCOPE_REQUEST',
    'LOOPSCOPE_X',
  ]);
});

describe('options in code', () => {
  test.each(named([null, undefined, 7, 'port=1', true, [], () => ({})]))(
    'must be an object, not %s',
    (_name, value) => {
      expect(() => validateOptions(value)).toThrow(
        expect.objectContaining({ code: 'LOOPSCOPE_INVALID_OPTION', option: 'options' }),
      );
    },
  );

  test.each(['prot', 'Port', 'constructor', 'toString'])('must be known, not %s', (name) => {
    expect(() => validateOptions({ [name]: 1 })).toThrow(
      expect.objectContaining({ code: 'LOOPSCOPE_INVALID_OPTION', option: name }),
    );
  });

  test('of a JSON text with __proto__ are refused, and change no object', () => {
    const options: unknown = JSON.parse('{"__proto__": {"port": 1}}');
    expect(() => validateOptions(options)).toThrow(/option __proto__: /);
    expect({}).not.toHaveProperty('port');
  });

  test('may be undefined, which is as if they were left out', () => {
    const none = Object.fromEntries(optionTable.map(({ option }) => [option, undefined]));
    expect(resolvedFrom({}, validateOptions(none))).toEqual(defaults);
  });

  test('are named one at a time, by the first that is wrong', () => {
    expect(() => validateOptions({ port: 1, host: 7, token: 'x' })).toThrow(/option host: received 7, /);
  });

  test.each([
    ['token', 'hunter2'],
    ['alertmanagerUrl', 'ftp://user:hunter2@alerts'],
    ['alertWebhookUrl', 'hooks/hunter2'],
    ['alertWebhookHeaders', { token: 'hunter2\n' }],
  ])('hide what may be a secret in %s', (option, value) => {
    expect(() => validateOptions({ [option]: value })).toThrow(
      new RegExp(`^(?!.*hunter2).*option ${option}: received `),
    );
  });
});
