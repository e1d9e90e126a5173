// A real VictoriaMetrics that takes OTLP under the names that Prometheus would give, and scrapes in the plain text
// format, on a port of its own and in a folder that is given.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, victoriaMetricsProgram } from '../../grafana/stack/programs.ts';
import { askApi, type Sample } from '../../grafana/stack/prometheus-api.ts';
import { ServerProcess } from '../../grafana/stack/server-process.ts';
import { freePort } from './app.ts';

export interface VictoriaMetrics extends AsyncDisposable {
  /** Where OTLP metrics are posted. */
  readonly otlpUrl: string;
  /** Sets what is scraped each second: host and port, by job. */
  readonly scrape: (targets: Readonly<Record<string, string>>) => void;
  readonly query: (expr: string) => Promise<readonly Sample[]>;
}

/** Throws where it is not installed. */
export async function startVictoriaMetrics(folder: string): Promise<VictoriaMetrics> {
  const program = findProgram(victoriaMetricsProgram);
  if (program === undefined) {
    throw new Error(`VictoriaMetrics is not installed: ${victoriaMetricsProgram.install}`);
  }
  const address = `127.0.0.1:${await freePort()}`;
  const targetsFile = join(folder, 'victoria-targets.json');
  const configurationFile = join(folder, 'victoria.yaml');
  writeFileSync(targetsFile, '[]');
  // JSON is YAML.
  writeFileSync(
    configurationFile,
    JSON.stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: [{ job_name: 'scraped', file_sd_configs: [{ files: [targetsFile] }] }],
    }),
  );
  const process = new ServerProcess(program, [
    `-httpListenAddr=${address}`,
    `-storageDataPath=${join(folder, 'victoria-data')}`,
    `-promscrape.config=${configurationFile}`,
    '-promscrape.fileSDCheckInterval=1s',
    '-opentelemetry.usePrometheusNaming',
    // Else the latest half minute is not shown.
    '-search.latencyOffset=0s',
    '-search.disableCache',
    '-loggerLevel=WARN',
  ]);
  await process.ready(`http://${address}/health`);
  return {
    otlpUrl: `http://${address}/opentelemetry/v1/metrics`,
    scrape: (targets) =>
      writeFileSync(
        targetsFile,
        JSON.stringify(
          Object.entries(targets).map(([job, target]) => ({ targets: [target], labels: { job } })),
        ),
      ),
    query: (expr) => askApi(`http://${address}`, 'query', { query: expr }),
    [Symbol.asyncDispose]: () => process.stop(),
  };
}
