// From what the user gave to the options that hold. The environment complains and falls back, since
// it must never stop an application; code that misuses `start()` is told at once by a throw.
import {
  type ExporterName,
  type LoopscopeOptions,
  optionTable,
  type ResolvedOptions,
  shown,
} from './options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Known variables that are no options of `start()`. */
const switchVariables: readonly string[] = ['LOOPSCOPE_DISABLED'];

export interface EnvironmentReading {
  readonly options: LoopscopeOptions;
  readonly disabled: boolean;
  /** One line for each variable that is unknown or malformed. */
  readonly complaints: readonly string[];
}

export function readEnvironment(environment: Environment): EnvironmentReading {
  const complaints: string[] = [];
  const options: Record<string, unknown> = {};
  const known = new Set(switchVariables);
  for (const definition of optionTable) {
    const { variable, option, parse, accepts, acceptsParsed = accepts, expected, secret } = definition;
    known.add(variable);
    const text = environment[variable];
    if (text === undefined) {
      continue;
    }
    const value = parse(text);
    if (acceptsParsed(value)) {
      options[option] = value;
    } else {
      // A token is a secret even when it is malformed.
      const received = secret ? '(hidden)' : shown(text);
      complaints.push(`${variable}=${received} is ignored: expected ${expected}`);
    }
  }
  const disabledText = environment['LOOPSCOPE_DISABLED'] ?? 'false';
  const disabled = ['true', '1'].includes(disabledText);
  if (!disabled && !['false', '0'].includes(disabledText)) {
    complaints.push(`LOOPSCOPE_DISABLED=${shown(disabledText)} is ignored: expected true or false`);
  }
  for (const variable of Object.keys(environment)) {
    if (variable.startsWith('LOOPSCOPE_') && !known.has(variable)) {
      const list = [...known].sort().join(', ');
      // Of a misspelled LOOPSCOPE_TOKEN, say.
      const received = /TOKEN|SECRET|PASS|KEY|URL|HEADER/i.test(variable)
        ? '(hidden)'
        : shown(environment[variable]);
      complaints.push(`${shown(variable).slice(1, -1)}=${received} is ignored: expected one of ${list}`);
    }
  }
  return { options, disabled, complaints };
}

/** Throws a TypeError that names the option and the value received. */
export function validateOptions(options: unknown): LoopscopeOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidOption('options', options, 'an object');
  }
  const definitions = new Map<string, (typeof optionTable)[number]>(
    optionTable.map((each) => [each.option, each]),
  );
  for (const [name, value] of Object.entries(options)) {
    const definition = definitions.get(name);
    if (definition === undefined) {
      throw invalidOption(name, value, `one of the options ${[...definitions.keys()].join(', ')}`);
    }
    if (value !== undefined && !definition.accepts(value)) {
      const problem = definition.problem?.(value) ?? { at: '', value, expected: definition.expected };
      throw invalidOption(name, definition.secret ? '(hidden)' : problem.value, problem.expected, problem.at);
    }
  }
  return options;
}

/** An error that names the option and the value received. */
export function invalidOption(name: string, value: unknown, expected: string, at: string = ''): TypeError {
  const error = new TypeError(
    `Loopscope option ${name}${at}: received ${shown(value)}, expected ${expected}`,
  );
  return Object.assign(error, { code: 'LOOPSCOPE_INVALID_OPTION', option: name });
}

/** Options given in code win over the environment's, and defaults fill the rest. */
export function resolveOptions(
  inCode: LoopscopeOptions,
  inEnvironment: LoopscopeOptions,
  environment: Environment,
  nodeMajor: number,
): ResolvedOptions {
  const given: Record<string, unknown> = { ...inEnvironment };
  for (const [name, value] of Object.entries(inCode)) {
    if (value !== undefined) {
      given[name] = value;
    }
  }
  const chosen = given as LoopscopeOptions;
  return {
    exporters: [...new Set(chosen.exporters ?? defaultExporters(environment))],
    host: chosen.host ?? '127.0.0.1',
    port: chosen.port ?? 9465,
    endpointConfigured: chosen.host !== undefined || chosen.port !== undefined,
    stallThresholdMs: chosen.stallThresholdMs ?? 100,
    request: chosen.request ?? nodeMajor >= 24,
    profile: chosen.profile ?? false,
    tasks: chosen.tasks ?? 'rate',
    taskPromises: chosen.taskPromises ?? false,
    leakCensus: chosen.leakCensus ?? nodeMajor >= 24,
    leakWindowMs: chosen.leakWindowMs ?? 60_000,
    token: chosen.token,
    livezStoppedMs: chosen.livezStoppedMs ?? 30_000,
    readyzSaturated: chosen.readyzSaturated ?? false,
    budgetPercent: chosen.budgetPercent ?? 1,
    exitFlushMs: chosen.exitFlushMs ?? 100,
    alerts: chosen.alerts,
    alertmanagerUrl: chosen.alertmanagerUrl,
    alertmanagerHeaders: chosen.alertmanagerHeaders ?? {},
    alertWebhookUrl: chosen.alertWebhookUrl,
    alertWebhookHeaders: chosen.alertWebhookHeaders ?? {},
  };
}

// Push where the application's own SDK would: an endpoint is set, metrics are not said to go elsewhere
// (an endpoint that takes traces alone would refuse them each minute), and OpenTelemetry is not off.
function defaultExporters(environment: Environment): readonly ExporterName[] {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  const metricsElsewhere =
    isSet('OTEL_METRICS_EXPORTER') &&
    !/(^|,)\s*otlp\s*(,|$)/i.test(environment['OTEL_METRICS_EXPORTER'] ?? '');
  const disabled = environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true';
  const pushes =
    // The agent reads it, and it alone says whether anything is pushed.
    isSet('OTEL_CONFIG_FILE') ||
    ((isSet('OTEL_EXPORTER_OTLP_ENDPOINT') || isSet('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT')) &&
      !metricsElsewhere &&
      !disabled);
  return pushes ? ['prometheus', 'otlp'] : ['prometheus'];
}
