// OpenTelemetry's declarative configuration: the file says where the metrics go, and the variables beside it
// don't count.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeProtobuf } from '../../packages/exporter/test/support/otlp-metrics.ts';
import { startApp } from '../harness/app.ts';
import { accepts, startCollector } from '../harness/collector.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { until } from '../harness/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'loopscope-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, yaml: string): string {
  const path = join(folder, name);
  writeFileSync(path, yaml);
  return path;
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test('its first OTLP exporter gets the metrics, with its resource', async () => {
    await using collector = await startCollector(accepts);
    await using elsewhere = await startCollector(accepts);
    const path = write(
      'otel.yaml',
      `
file_format: "1.0"
resource: { attributes: [{ name: service.name, value: "\${SHOP_NAME:-none}" }] }
meter_provider:
  readers:
    - periodic: { interval: 200, timeout: 200, exporter: { otlp_http: { endpoint: "${collector.url}/custom" } } }
`,
    );
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: {
        OTEL_CONFIG_FILE: path,
        OTEL_SERVICE_NAME: 'not this',
        OTEL_EXPORTER_OTLP_ENDPOINT: elsewhere.url,
        SHOP_NAME: 'shop',
      },
    });
    await until('metrics are pushed', () => collector.bodies('/custom').length > 1);
    const [body = Buffer.alloc(0)] = collector.bodies('/custom');
    const { resource, metrics } = decodeProtobuf(body);
    expect(resource).toMatchObject({ 'service.name': 'shop' });
    expect(metrics.has('loopscope.agent.starts')).toBe(true);
    expect(elsewhere.requests()).toBe(0);
    expect(app.stderr().replaceAll(/^LOOPSCOPE \d+: .*\n/gm, '')).toBe('');
  });

  test('one that can’t be used is told once, and the endpoint is there', async () => {
    await using elsewhere = await startCollector(accepts);
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: {
        OTEL_CONFIG_FILE: write('wrong.yaml', 'file_format: "7.0"'),
        OTEL_EXPORTER_OTLP_ENDPOINT: elsewhere.url,
        OTEL_METRIC_EXPORT_INTERVAL: '100',
      },
    });
    await until('it is told', () => /OTEL_CONFIG_FILE="\S+" can't be used.*7\.0/.test(app.stderr()));
    expect(app.stderr().match(/OTEL_CONFIG_FILE/g)).toHaveLength(1);
    expect((await fetch(`${app.url}/metrics`)).status).toBe(200);
    expect(elsewhere.requests()).toBe(0);
  });
});
