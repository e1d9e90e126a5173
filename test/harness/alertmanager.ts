// A real Alertmanager, as Debian packages it, on a port and in a folder of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertmanagerProgram, findProgram } from '../../grafana/stack/programs.ts';
import { freePort } from './app.ts';
import { until } from './until.ts';

const program = findProgram(alertmanagerProgram);

/** An alert as its API lists it while it is active. */
export interface ListedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: { readonly state: string };
}

export interface Alertmanager extends AsyncDisposable {
  readonly url: string;
  /** The alerts that are active. */
  readonly alerts: () => Promise<readonly ListedAlert[]>;
}

/** Whether it is installed: `apt-get install prometheus-alertmanager`. */
export const hasAlertmanager: boolean = program !== undefined;

/** Starts one that tells a webhook of each alert, at once. */
export async function startAlertmanager(webhookUrl: string): Promise<Alertmanager> {
  if (program === undefined) {
    throw new Error(`Alertmanager is not installed: ${alertmanagerProgram.install}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'loopscope-alertmanager-'));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  writeFileSync(join(folder, 'alertmanager.yml'), configuration(webhookUrl));
  const server = spawn(
    program,
    [
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=${address}`,
      // No cluster: it would open a port of its own.
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => server.once('close', resolve));
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await until('Alertmanager is ready', async () => (await fetch(`${url}/-/ready`)).ok, { capMs: 20_000 });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    alerts: async () =>
      (await (await fetch(`${url}/api/v2/alerts?active=true`)).json()) as readonly ListedAlert[],
    [Symbol.asyncDispose]: stop,
  };
}

function configuration(webhookUrl: string): string {
  return `route:
  receiver: hook
  group_by: ['...']
  group_wait: 0s
  group_interval: 1s
receivers:
  - name: hook
    webhook_configs:
      - url: ${webhookUrl}
        send_resolved: true
`;
}
