// A real Prometheus with our rules, on a port of its own and in a folder that is given.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPort } from '../../packages/demo-app/src/port.ts';
import { findProgram, prometheusProgram } from './programs.ts';
import { askApi, type Sample } from './prometheus-api.ts';
import { ServerProcess } from './server-process.ts';

const host = '127.0.0.1';

export interface PrometheusOptions {
  /** An empty folder, or one that holds `data` already. */
  readonly folder: string;
  readonly port?: number;
  readonly scrapeSeconds?: number;
  /** Targets by job, as host and port. */
  readonly targets?: Readonly<Record<string, readonly string[]>>;
  /** Text of a rule file. */
  readonly rules?: string;
  readonly alertmanagerUrl?: string;
}

export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

export class PrometheusServer implements AsyncDisposable {
  readonly url: string;
  readonly #process: ServerProcess;
  readonly #targetsFile: string;
  readonly #targets = new Map<string, readonly string[]>();

  private constructor(url: string, process: ServerProcess, targetsFile: string) {
    this.url = url;
    this.#process = process;
    this.#targetsFile = targetsFile;
  }

  /** Throws where Prometheus is not installed. */
  static async start(options: PrometheusOptions): Promise<PrometheusServer> {
    const program = findProgram(prometheusProgram);
    if (program === undefined) {
      throw new Error(`Prometheus is not installed: ${prometheusProgram.install}`);
    }
    const { folder, scrapeSeconds = 1, targets = {}, rules, alertmanagerUrl } = options;
    const address = `${host}:${await findPort(host, options.port ?? 0)}`;
    const targetsFile = join(folder, 'targets.json');
    const interval = `${scrapeSeconds * 1000}ms`;
    // JSON is YAML.
    const configuration = {
      global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
      rule_files: rules === undefined ? [] : [join(folder, 'rules.yaml')],
      scrape_configs: [
        {
          job_name: 'loopscope',
          file_sd_configs: [{ files: [targetsFile], refresh_interval: '1s' }],
        },
      ],
      ...(alertmanagerUrl === undefined
        ? {}
        : {
            alerting: {
              alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanagerUrl).host] }] }],
            },
          }),
    };
    writeFileSync(join(folder, 'prometheus.yaml'), JSON.stringify(configuration));
    writeFileSync(join(folder, 'rules.yaml'), rules ?? '');
    const process = new ServerProcess(program, [
      `--config.file=${folder}/prometheus.yaml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
      '--storage.tsdb.retention.time=30d',
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ]);
    const server = new PrometheusServer(`http://${address}`, process, targetsFile);
    for (const [job, addresses] of Object.entries(targets)) {
      server.scrape(job, addresses);
    }
    server.scrape('', []);
    await process.ready(`${server.url}/-/ready`);
    return server;
  }

  /** Sets the targets of a job; Prometheus reads them within a second. */
  scrape(job: string, addresses: readonly string[]): void {
    this.#targets.set(job, addresses);
    const groups = [...this.#targets]
      .filter(([, targets]) => targets.length > 0)
      .map(([name, targets]) => ({ targets, labels: { job: name } }));
    writeFileSync(this.#targetsFile, JSON.stringify(groups));
  }

  async query(expr: string, atSeconds?: number): Promise<readonly Sample[]> {
    return await askApi(this.url, 'query', {
      query: expr,
      ...(atSeconds === undefined ? {} : { time: String(atSeconds) }),
    });
  }

  async queryRange(expr: string, from: number, to: number, step: number): Promise<readonly Sample[]> {
    return await askApi(this.url, 'query_range', {
      query: expr,
      start: String(from),
      end: String(to),
      step: String(step),
    });
  }

  /** Those of the series that a query selects, by their labels. */
  async exemplars(
    expr: string,
    from: number,
    to: number,
  ): Promise<readonly Readonly<Record<string, string>>[]> {
    const response = await fetch(`${this.url}/api/v1/query_exemplars`, {
      method: 'POST',
      body: new URLSearchParams({ query: expr, start: String(from), end: String(to) }),
    });
    const { data } = (await response.json()) as {
      data: readonly { exemplars: readonly { labels: Readonly<Record<string, string>> }[] }[];
    };
    return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
  }

  async alerts(): Promise<readonly ActiveAlert[]> {
    const response = await fetch(`${this.url}/api/v1/alerts`);
    const { data } = (await response.json()) as { data: { alerts: readonly ActiveAlert[] } };
    return data.alerts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
  }
}
