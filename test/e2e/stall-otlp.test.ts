// Each stall leaves by OTLP: as a log event while the loop is still blocked, again at its end, and as a
// span under the span that was blocked.
import { describe, expect, test } from 'vitest';
import { decodeLogs, decodeSpans } from '../../packages/exporter/test/support/otlp-events.ts';
import { startApp } from '../harness/app.ts';
import { accepts, startCollector } from '../harness/collector.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { until } from '../harness/until.ts';

const eventName = 'loopscope.eventloop.stall';

describe.each(supportedNodes)('on Node $name', (node) => {
  test('is told while it lasts, in the context of the span that it blocks', async () => {
    await using collector = await startCollector(accepts);
    const logs = () => collector.bodies('/v1/logs').flatMap((body) => decodeLogs(body));
    const spans = () => collector.bodies('/v1/traces').flatMap((body) => decodeSpans(body));
    await using app = await startApp({
      node,
      args: [fixture('requests/traced.mjs')],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'accounts' },
    });
    app.tell('go');
    const ofSettling = (state: string) => () =>
      logs().find(
        ({ attributes }) =>
          attributes['code.function.name'] === 'settleAccounts' &&
          attributes['loopscope.stall.state'] === state,
      );
    const opened = await until('it is told as it opens', ofSettling('opened'), { everyMs: 5 });
    // The program prints as the block ends.
    expect(app.stdout()).toBe('');
    const [line] = await app.printed(/^\{.*\}$/m);
    const { traceId, spanId } = JSON.parse(line) as { traceId: string; spanId: string };
    expect(opened).toMatchObject({ eventName, traceId, spanId, resource: { 'service.name': 'accounts' } });
    expect(opened.attributes['code.stacktrace']).toMatch(/^ {4}at settleAccounts \(.*traced\.mjs:\d+:\d+\)/);

    const closed = await until('it is told as it closes', ofSettling('closed'));
    expect(closed).toMatchObject({ eventName, traceId, spanId });
    expect(closed.attributes['loopscope.stall.duration']).toBeGreaterThan(0.3);
    expect(closed.attributes['loopscope.stall.cause']).toMatch(/^(cpu|starved)$/);

    const id = closed.attributes['loopscope.stall.id'];
    const span = await until('its span', () =>
      spans().find(({ attributes }) => attributes['loopscope.stall.id'] === id),
    );
    expect(span).toMatchObject({ name: eventName, traceId, parentSpanId: spanId });
    expect(span.endMs - span.startMs).toBeGreaterThan(300);
  });
});
