// Every option in one table: the environment, `start(options)` and docs/CONFIG.md are read from it.
// Resolved options are plain data, since they cross to the agent thread.

import { type AlertCondition, findConditionProblems } from './alert-condition.ts';
import { builtin } from './builtin.ts';
import { isHeaders, isHttpUrl, isHttpUrls, parseHeaders } from './http-options.ts';
import type { LastingTaskLevel } from './tasks.ts';

/** A way out: the HTTP endpoint, or the push by OTLP. */
export type ExporterName = 'prometheus' | 'otlp';

/** What `start()` takes. Each goes before its environment variable; `docs/CONFIG.md` has them beside each other. */
export interface LoopscopeOptions {
  /** Ways out. Default: `prometheus`, and `otlp` too where an OTLP endpoint is set in `OTEL_*`. */
  readonly exporters?: readonly ExporterName[];
  /** Address that the endpoint binds: an IP address or `localhost`. Default `127.0.0.1`. */
  readonly host?: string;
  /** Port of the endpoint, 0 to 65535; 0 takes a free one. Default 9465. */
  readonly port?: number;
  /** Milliseconds without a turn of the loop that make a stall, 20 to 60000. Default 100. */
  readonly stallThresholdMs?: number;
  /**
   * Whether requests are followed through async contexts, so that a stall names the one in hand.
   * Default: on from Node 24; off on 22, where it costs promise hooks and the active span serves.
   */
  readonly request?: boolean;
  /**
   * Whether a CPU profile runs on the main thread all the time, so that native calls are named under
   * their callers and each stall has a flame graph. Default false.
   */
  readonly profile?: boolean;
  /**
   * How closely async tasks are looked at: `off`, `rate` (operations started, no hook) or `counts`
   * (created, destroyed and live by type, by `async_hooks`). Default `rate`.
   */
  readonly tasks?: LastingTaskLevel;
  /** Whether promises count as tasks where tasks are counted. Each `await` then costs more. Default false. */
  readonly taskPromises?: boolean;
  /** Whether a suspected leak starts a census of its type by itself. Default: true from Node 24. */
  readonly leakCensus?: boolean;
  /** Milliseconds of the windows over which leaks are looked for, 1000 to 3600000. Default 60000. */
  readonly leakWindowMs?: number;
  /** Bearer token, 8 characters or more, that opens every path of the endpoint. Default: none. */
  readonly token?: string;
  /** Milliseconds for which the loop must have stopped before `/livez` fails. Default 30000. */
  readonly livezStoppedMs?: number;
  /** Whether `/readyz` fails, rather than only tells, while the loop is saturated. Default false. */
  readonly readyzSaturated?: boolean;
  /**
   * How much of the main thread's time Loopscope itself may take, in percent, 0.01 to 100: above it features are
   * switched off one by one. Default 1.
   */
  readonly budgetPercent?: number;
  /** Milliseconds that the process's exit may wait for the last OTLP push, 0 to 5000. Default 100. */
  readonly exitFlushMs?: number;
  /** Conditions that alert, at most 100: docs/ALERTS.md. Default: none. */
  readonly alerts?: readonly AlertCondition[];
  /** URL of an Alertmanager, or of several, separated by commas, each of which is told. Default: none. */
  readonly alertmanagerUrl?: string;
  /** Headers of each request to Alertmanager. Default: none. */
  readonly alertmanagerHeaders?: Readonly<Record<string, string>>;
  /** URL that alerts are posted to. Default: none. */
  readonly alertWebhookUrl?: string;
  /** Headers of each request to the webhook. Default: none. */
  readonly alertWebhookHeaders?: Readonly<Record<string, string>>;
}

/** Conditions that the agent thread still has to read, as the environment gave them. */
export type AlertsToRead = { readonly text: string } | { readonly path: string };

export interface ResolvedOptions {
  readonly exporters: readonly ExporterName[];
  readonly host: string;
  readonly port: number;
  /** Whether the user chose host or port: then a failure to bind is said, else it is quiet. */
  readonly endpointConfigured: boolean;
  readonly stallThresholdMs: number;
  readonly request: boolean;
  readonly profile: boolean;
  readonly tasks: LastingTaskLevel;
  readonly taskPromises: boolean;
  readonly leakCensus: boolean;
  readonly leakWindowMs: number;
  readonly token: string | undefined;
  readonly livezStoppedMs: number;
  readonly readyzSaturated: boolean;
  readonly budgetPercent: number;
  readonly exitFlushMs: number;
  readonly alerts: readonly AlertCondition[] | AlertsToRead | undefined;
  /** One URL, or several that are separated by commas. */
  readonly alertmanagerUrl: string | undefined;
  readonly alertmanagerHeaders: Readonly<Record<string, string>>;
  readonly alertWebhookUrl: string | undefined;
  readonly alertWebhookHeaders: Readonly<Record<string, string>>;
}

/** One row of the table. */
export interface OptionDefinition {
  readonly option: keyof LoopscopeOptions;
  readonly variable: string;
  /** Completes "expected …". */
  readonly expected: string;
  /** As shown in docs/CONFIG.md. */
  readonly defaultText: string;
  readonly description: string;
  /** Whether a value given in code is right. */
  readonly accepts: (value: unknown) => boolean;
  /** The value that a variable's text stands for; undefined where it stands for none. */
  readonly parse: (text: string) => unknown;
  /** Whether what `parse` made is right, where that is not what code gives. */
  readonly acceptsParsed?: (value: unknown) => boolean;
  /** Where exactly a value given in code is wrong, for options with parts. */
  readonly problem?: (value: unknown) => OptionProblem | undefined;
  /** Never shown, even where it is malformed. */
  readonly secret?: true;
}

/** Which part of an option is wrong. */
export interface OptionProblem {
  /** Follows the option's name, such as `[2].operator`. */
  readonly at: string;
  readonly value: unknown;
  readonly expected: string;
}

const exporterNames: readonly unknown[] = ['prometheus', 'otlp'];

const integerFrom =
  (lowest: number, highest: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest;

// Digits only: Number() would take '', ' 7', '0x1F' and '1e3' for numbers.
const parseInteger = (text: string): unknown => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

const isPercentage = (value: unknown): boolean => typeof value === 'number' && value >= 0.01 && value <= 100;

const parseDecimal = (text: string): unknown =>
  /^\d{1,3}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;

const parseBoolean = (text: string): unknown => ({ true: true, '1': true, false: false, '0': false })[text];

const lastingTaskLevels: readonly unknown[] = ['off', 'rate', 'counts'];

const isLastingTaskLevel = (value: unknown): boolean => lastingTaskLevels.includes(value);

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const addressV4 = new RegExp(`^(${octet}\\.){3}${octet}$`);

// By the URL parser for IPv6: loading node:net for its isIP takes milliseconds of the start.
const isAddress = (value: unknown): boolean =>
  typeof value === 'string' &&
  (value === 'localhost' ||
    addressV4.test(value) ||
    (/^[\da-f:.]*:[\da-f:.]*$/i.test(value) && URL.canParse(`http://[${value}]/`)));

const isToken = (value: unknown): boolean => typeof value === 'string' && /^[\x21-\x7e]{8,256}$/.test(value);

const isExporters = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => exporterNames.includes(name));

const parseExporters = (text: string): unknown =>
  text === 'none' ? [] : text.split(',').map((name) => name.trim());

// A path is made absolute at once: the application may change its folder before the agent thread reads.
const parseAlerts = (text: string): unknown => {
  if (text.trim() === '') {
    return undefined;
  }
  return /^\s*[[{]/.test(text) ? { text } : { path: builtin('node:path').resolve(text) };
};

const identity = (text: string): unknown => text;

export const optionTable: readonly OptionDefinition[] = [
  {
    option: 'exporters',
    variable: 'LOOPSCOPE_EXPORTERS',
    expected: 'a comma-separated list of prometheus and otlp, or none; in code, an array',
    defaultText:
      '`prometheus`, and `otlp` too where `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` is set, unless `OTEL_METRICS_EXPORTER` names others or `OTEL_SDK_DISABLED` is `true`; and where the file of `OTEL_CONFIG_FILE` has an OTLP exporter',
    description: 'Ways out. In code: an array, empty for none.',
    accepts: isExporters,
    parse: parseExporters,
  },
  {
    option: 'host',
    variable: 'LOOPSCOPE_HOST',
    expected: 'an IP address or localhost',
    defaultText: '`127.0.0.1`',
    description:
      'Address that the endpoint binds. On any but a loopback address only `/metrics`, `/livez` and `/readyz` answer unless a token is set.',
    accepts: isAddress,
    parse: identity,
  },
  {
    option: 'port',
    variable: 'LOOPSCOPE_PORT',
    expected: 'a whole number from 0 to 65535',
    defaultText: '`9465`',
    description: 'Port of the endpoint; 0 takes a free one.',
    accepts: integerFrom(0, 65_535),
    parse: parseInteger,
  },
  {
    option: 'stallThresholdMs',
    variable: 'LOOPSCOPE_STALL_THRESHOLD_MS',
    expected: 'a whole number of milliseconds from 20 to 60000',
    defaultText: '`100`',
    description:
      'Milliseconds without a turn of the event loop that make a stall. From the third worker thread on it is four of the heartbeats of that thread where that is longer: 200 to 400 by default.',
    accepts: integerFrom(20, 60_000),
    parse: parseInteger,
  },
  {
    option: 'request',
    variable: 'LOOPSCOPE_REQUEST',
    expected: 'true or false',
    defaultText: '`true` from Node 24, `false` on 22',
    description:
      'Whether requests are followed through async contexts, so that a stall names the one in hand. On Node 22 this turns promise hooks on, which costs tens of microseconds per request; there the method and route are read from the active OpenTelemetry span.',
    accepts: isBoolean,
    parse: parseBoolean,
  },
  {
    option: 'profile',
    variable: 'LOOPSCOPE_PROFILE',
    expected: 'true or false',
    defaultText: '`false`',
    description:
      'Whether a CPU profile, of a sample each 10 ms, runs on the main thread all the time: the native calls in a stall are then named under their callers, and each stall has [a flame graph](PROFILE.md). It starts before the application does, and ends by itself where it would hold the thread for over 5 ms at a time. On Node 22 a fault of V8 can, seldom, stop the process at its start.',
    accepts: isBoolean,
    parse: parseBoolean,
  },
  {
    option: 'tasks',
    variable: 'LOOPSCOPE_TASKS',
    expected: 'off, rate or counts',
    defaultText: '`rate`',
    description:
      'How closely async tasks are looked at: [what each level shows and costs](TASKS.md). It can be changed while the process runs, by the handle and by `POST /tasks`.',
    accepts: isLastingTaskLevel,
    parse: identity,
  },
  {
    option: 'taskPromises',
    variable: 'LOOPSCOPE_TASK_PROMISES',
    expected: 'true or false',
    defaultText: '`false`',
    description:
      'Whether promises count as tasks where tasks are counted. Each `await` then costs more: on Node 22 every hook has this price, and `counts` is had with it only.',
    accepts: isBoolean,
    parse: parseBoolean,
  },
  {
    option: 'leakCensus',
    variable: 'LOOPSCOPE_LEAK_CENSUS',
    expected: 'true or false',
    defaultText: '`true` from Node 24, `false` on 22',
    description:
      'Whether a suspected leak starts a census of its type, of half a minute, that finds where it is created.',
    accepts: isBoolean,
    parse: parseBoolean,
  },
  {
    option: 'leakWindowMs',
    variable: 'LOOPSCOPE_LEAK_WINDOW_MS',
    expected: 'a whole number of milliseconds from 1000 to 3600000',
    defaultText: '`60000`',
    description:
      'Milliseconds of the windows over which leaks are looked for: a count has to rise through several. Short ones suit tests only.',
    accepts: integerFrom(1000, 3_600_000),
    parse: parseInteger,
  },
  {
    option: 'token',
    variable: 'LOOPSCOPE_TOKEN',
    expected: '8 to 256 printable ASCII characters without spaces',
    defaultText: 'none',
    description: 'Bearer token that opens every path of the endpoint on any bind.',
    accepts: isToken,
    parse: identity,
    secret: true,
  },
  {
    option: 'livezStoppedMs',
    variable: 'LOOPSCOPE_LIVEZ_STOPPED_MS',
    expected: 'a whole number of milliseconds from 1000 to 86400000',
    defaultText: '`30000`',
    description: 'How long the loop must have stopped before `/livez` answers 503.',
    accepts: integerFrom(1000, 86_400_000),
    parse: parseInteger,
  },
  {
    option: 'readyzSaturated',
    variable: 'LOOPSCOPE_READYZ_SATURATED',
    expected: 'true or false',
    defaultText: '`false`',
    description:
      'Whether `/readyz` answers 503, rather than only tells in its body, while the loop is saturated.',
    accepts: isBoolean,
    parse: parseBoolean,
  },
  {
    option: 'budgetPercent',
    variable: 'LOOPSCOPE_BUDGET_PERCENT',
    expected: 'a number from 0.01 to 100',
    defaultText: '`1`',
    description:
      'How much of the main thread’s time Loopscope itself may take, in percent over ten seconds. Above it the profile, the hooks of tasks and the following of requests are switched off, in this order, with at least 20 s between, until the process starts again: one line on standard error and `loopscope_agent_limited` say so.',
    accepts: isPercentage,
    parse: parseDecimal,
  },
  {
    option: 'exitFlushMs',
    variable: 'LOOPSCOPE_EXIT_FLUSH_MS',
    expected: 'a whole number of milliseconds from 0 to 5000',
    defaultText: '`100`',
    description:
      "How long the process's exit may wait for the last OTLP push. Nothing waits where OTLP is off.",
    accepts: integerFrom(0, 5000),
    parse: parseInteger,
  },
  {
    option: 'alerts',
    variable: 'LOOPSCOPE_ALERTS',
    expected: 'a JSON array of conditions, or the path of a file that holds one; in code, an array',
    defaultText: 'none',
    description: 'Conditions that alert while the loop is blocked: [ALERTS.md](ALERTS.md).',
    accepts: (value) => findConditionProblems(value).length === 0,
    problem: (value) => findConditionProblems(value)[0],
    parse: parseAlerts,
    acceptsParsed: (value) => value !== undefined,
  },
  {
    option: 'alertmanagerUrl',
    variable: 'LOOPSCOPE_ALERTMANAGER_URL',
    expected: 'a URL such as http://127.0.0.1:9093, or up to 8 that are separated by commas',
    defaultText: 'none',
    description:
      'Where alerts are sent to an Alertmanager: `/api/v2/alerts` is added. Of a cluster name each member: every one is told.',
    accepts: isHttpUrls,
    parse: identity,
    secret: true,
  },
  {
    option: 'alertmanagerHeaders',
    variable: 'LOOPSCOPE_ALERTMANAGER_HEADERS',
    expected: 'headers as key=value, percent-encoded and separated by commas; in code, an object',
    defaultText: 'none',
    description: 'Headers of each request to an Alertmanager, such as `authorization=Bearer%20…`.',
    accepts: isHeaders,
    parse: parseHeaders,
    secret: true,
  },
  {
    option: 'alertWebhookUrl',
    variable: 'LOOPSCOPE_ALERT_WEBHOOK_URL',
    expected: 'a URL such as https://hooks.example.com/alerts',
    defaultText: 'none',
    description: "Where alerts are posted to, in the form of Alertmanager's webhooks.",
    accepts: isHttpUrl,
    parse: identity,
    secret: true,
  },
  {
    option: 'alertWebhookHeaders',
    variable: 'LOOPSCOPE_ALERT_WEBHOOK_HEADERS',
    expected: 'headers as key=value, percent-encoded and separated by commas; in code, an object',
    defaultText: 'none',
    description: 'Headers of each request to the webhook, such as `authorization=Bearer%20…`.',
    accepts: isHeaders,
    parse: parseHeaders,
    secret: true,
  },
];

/** A value as it may be shown in one line: quoted, escaped, and cut. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : printed(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function printed(value: unknown): string {
  try {
    const text = Array.isArray(value) ? `[${value.map(shown).join(', ')}]` : String(value);
    // In one line, whatever it says of itself.
    return text.replace(/[^\x20-\x7e]+/g, ' ');
  } catch {
    return typeof value;
  }
}
