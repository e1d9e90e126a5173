// What an application collects itself from the agent, beside what the endpoint shows.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { run } from '../harness/run.ts';
import { Metrics, scrape } from '../harness/scrape.ts';

interface Collected {
  readonly shared: boolean;
  readonly text: string;
  readonly snapshot: {
    readonly at: number;
    readonly metrics: readonly {
      readonly name: string;
      readonly points: readonly { readonly value?: number; readonly sum?: number; readonly count?: number }[];
    }[];
  };
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test('an application collects what the endpoint shows', async () => {
    await using app = await startApp({ node, args: [fixture('collect/collect.mjs')] });
    const refusal = await app.printed(/in a worker: (.*)/);
    expect(refusal[1]).toBe("Loopscope can't collect its metrics: ask on the main thread");
    app.tell('now');
    const [line] = await app.printed(/^\{"line":"now".*$/m);
    const { shared, text, snapshot } = JSON.parse(line) as Collected;
    const shown = await scrape(app.url);
    expect(shared).toBe(true);
    const named = (name: string): Collected['snapshot']['metrics'][number]['points'] =>
      snapshot.metrics.find((metric) => metric.name === name)?.points ?? [];
    const stall = named('loopscope.eventloop.stall.duration')[0];
    expect(stall?.count).toBe(1);
    for (const metrics of [shown, new Metrics(text)]) {
      expect(metrics.sum('loopscope_eventloop_stall_duration_seconds_count')).toBe(1);
      expect(metrics.sum('loopscope_eventloop_stall_duration_seconds_sum')).toBe(stall?.sum);
      expect(metrics.sum('loopscope_agent_starts_total')).toBe(named('loopscope.agent.starts')[0]?.value);
    }
    expect(await app.finish()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('after stop: LOOPSCOPE_UNAVAILABLE'),
    });
  });

  test('who asks and has nothing else to do is answered before the process ends', async () => {
    const ending = await run({ node, args: [fixture('collect/alone.mjs')] });
    expect(ending).toMatchObject({ exitCode: 0, stdout: 'true\n', stderr: '' });
  });
});
