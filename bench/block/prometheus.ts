// A real Prometheus, as Debian packages it, on a port and in a folder of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/harness/app.ts';
import { until } from '../../test/harness/until.ts';
import { endsWithUs } from '../harness/children.ts';

/** A value that Prometheus has stored. */
export interface StoredSample {
  /** Unix seconds of the scrape. */
  readonly time: number;
  readonly value: number;
}

export interface Prometheus extends AsyncDisposable {
  readonly version: string;
  /** The samples of the last minutes of each series that a selector matches. */
  readonly samples: (selector: string) => Promise<readonly (readonly StoredSample[])[]>;
}

interface QueryAnswer {
  readonly data: { readonly result: readonly { readonly values: readonly [number, string][] }[] };
}

/** Scrapes each target every second with a timeout of a second. Undefined where it is not installed. */
export async function startPrometheus(targets: readonly string[]): Promise<Prometheus | undefined> {
  const { stdout, stderr, status } = spawnSync('prometheus', ['--version'], { encoding: 'utf8' });
  if (status !== 0) {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'loopscope-bench-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  writeFileSync(join(folder, 'prometheus.yml'), configuration(targets));
  const server = spawn(
    'prometheus',
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${url.slice('http://'.length)}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  endsWithUs(server);
  const ended = new Promise((resolve) => server.once('close', resolve));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', removeFolder);
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
    removeFolder();
    process.off('exit', removeFolder);
  };
  try {
    await until('Prometheus is ready', async () => (await fetch(`${url}/-/ready`)).ok, { capMs: 20_000 });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    version: /version (\S+)/.exec(`${stdout}${stderr}`)?.[1] ?? 'unknown',
    samples: (selector) => query(url, `${selector}[10m]`),
    [Symbol.asyncDispose]: stop,
  };
}

function configuration(targets: readonly string[]): string {
  // JSON is YAML.
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'blocked', static_configs: [{ targets }] }],
  });
}

async function query(url: string, expression: string): Promise<readonly (readonly StoredSample[])[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { data } = (await response.json()) as QueryAnswer;
  return data.result.map(({ values }) => values.map(([time, value]) => ({ time, value: Number(value) })));
}
