// `npm run demo:stack`: the demo, a real Prometheus with our rules, and a real Alertmanager, as plain
// processes: no container, no root. Shows alerts as they fire; Ctrl-C ends all of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { faults } from '../../packages/demo-app/src/faults/index.ts';
import { Load, startService } from '../../packages/demo-app/src/runner/service.ts';
import { StopRequested, watchForStop } from '../../packages/demo-app/src/runner/stop-watch.ts';
import { prometheusRulesText } from '../rules/prometheus-rules.ts';
import { AlertmanagerServer } from './alertmanager-server.ts';
import { driveFault } from './drive-faults.ts';
import { alertmanagerProgram, missingPrograms, prometheusProgram } from './programs.ts';
import { PrometheusServer } from './prometheus-server.ts';

const usage = `Starts the demo under Loopscope, Prometheus with the rules, and Alertmanager, blocks the demo in turns,
and prints each alert as it fires and as it ends. Ctrl-C ends all of it.

  npm run demo:stack
  npm run demo:stack -- --time-scale 1     windows as they are in production: an alert takes minutes to hours
  npm run demo:stack -- --only cpu-loop    this fault alone; may be given more than once

  --time-scale <n>  divides every window of the rules (default 60)
  --prometheus-port, --alertmanager-port   default 9090 and 9093, or free ones where these are taken
  --help            this text
`;
const faultSeconds = 20;
const restSeconds = 8;
const longestLoadSeconds = 600;

process.exitCode = await main();

async function main(): Promise<number> {
  let values: { 'time-scale': string; only: string[]; help: boolean } & Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      options: {
        'time-scale': { type: 'string', default: '60' },
        only: { type: 'string', multiple: true, default: [] },
        'prometheus-port': { type: 'string', default: '9090' },
        'alertmanager-port': { type: 'string', default: '9093' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const timeScale = Number(values['time-scale']);
  const unknown = values.only.find((name) => !faults.some((fault) => fault.name === name));
  if (!(timeScale >= 1 && timeScale <= 300) || unknown !== undefined) {
    const complaint =
      unknown === undefined
        ? `--time-scale must be a number from 1 to 300, not ${JSON.stringify(values['time-scale'])}.`
        : `--only must name a fault, not ${JSON.stringify(unknown)}.`;
    process.stderr.write(`${complaint}\n${usage}`);
    return 2;
  }
  const missing = missingPrograms([prometheusProgram, alertmanagerProgram]);
  if (missing.length > 0) {
    process.stderr.write(`${missing.join('\n')}\n`);
    return 1;
  }
  return await run({
    timeScale,
    chosen: values.only.length === 0 ? faults : faults.filter(({ name }) => values.only.includes(name)),
    prometheusPort: Number(values['prometheus-port']),
    alertmanagerPort: Number(values['alertmanager-port']),
  });
}

interface StackOptions {
  readonly timeScale: number;
  readonly chosen: typeof faults;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
}

async function run(options: StackOptions): Promise<number> {
  const stop = watchForStop();
  const folder = mkdtempSync(join(tmpdir(), 'loopscope-stack-'));
  try {
    await using stack = new AsyncDisposableStack();
    const alertmanager = stack.use(await AlertmanagerServer.start(folder, options.alertmanagerPort));
    const service = await startService({ once: false, onLine: () => {} }, stop.signal);
    stack.defer(async () => {
      stop.release();
      await service.child.stop();
    });
    stop.whenEnded(service.child, 'The service');
    const prometheus = stack.use(
      await PrometheusServer.start({
        folder,
        port: options.prometheusPort,
        targets: { orders: [new URL(service.agentUrl).host] },
        rules: prometheusRulesText({ timeScale: options.timeScale }),
        alertmanagerUrl: alertmanager.url,
      }),
    );
    const load = new Load(service.url, longestLoadSeconds, () => {});
    stack.defer(async () => {
      await load.stop();
    });
    print(`
  Service       ${service.url}/orders
  Loopscope     ${service.agentUrl}/stalls
  Prometheus    ${prometheus.url}/alerts
  Alertmanager  ${alertmanager.url}
  Dashboards    import grafana/generated/dashboards into a Grafana of yours, or run grafana/compose.yaml

  Windows of the rules are divided by ${options.timeScale}. Ctrl-C ends all of it.
`);
    await Promise.all([
      drive(service.url, options.chosen, stop.signal),
      watchAlerts(alertmanager, stop.signal),
    ]);
    return 0;
  } catch (error) {
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
    if (reason instanceof StopRequested) {
      print(`\n  Ended by ${reason.signal}; everything has stopped.`);
      return reason.signal === 'SIGINT' ? 0 : reason.exitCode;
    }
    process.stderr.write(`${(reason as Error).message}\n`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function drive(url: string, chosen: typeof faults, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    for (const fault of chosen) {
      print(`${since(startedAt)}  ${fault.name}: ${fault.title}`);
      await driveFault(url, { fault, seconds: faultSeconds, ms: 800, pauseMs: 200 }, signal);
      await delay(restSeconds * 1000, undefined, { signal });
    }
  }
}

async function watchAlerts(alertmanager: AlertmanagerServer, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  let known = new Map<string, string>();
  for (;;) {
    const now = new Map<string, string>();
    for (const { labels, annotations } of await alertmanager.alerts()) {
      now.set(
        JSON.stringify(labels),
        `${labels['alertname']} (${labels['severity']}): ${annotations['summary']}`,
      );
    }
    for (const [key, text] of now) {
      if (!known.has(key)) {
        print(`${since(startedAt)}  FIRING    ${text}`);
      }
    }
    for (const [key, text] of known) {
      if (!now.has(key)) {
        print(`${since(startedAt)}  resolved  ${text.slice(0, text.indexOf(' '))}`);
      }
    }
    known = now;
    await delay(1_000, undefined, { signal });
  }
}

function since(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(0).padStart(5)} s`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
