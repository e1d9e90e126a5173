// Bad input never stops an application: the default holds, and one line says which variable, which
// value, and what was expected. Code that misuses `start()` is told at once.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byImport } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { scrape } from '../harness/scrape.ts';
import { stallOf } from '../harness/stalls.ts';

const milliseconds = 'a whole number of milliseconds';
const malformed: readonly (readonly [variable: string, values: readonly string[], expected: string])[] = [
  [
    'LOOPSCOPE_PORT',
    ['abc', '-1', '1e309', '', '65536', '9465.5', ' 80', '0x50', 'NaN'],
    'a whole number from 0 to 65535',
  ],
  [
    'LOOPSCOPE_HOST',
    ['', 'example.com', '127.0.0.1:80', 'http://127.0.0.1', '*'],
    'an IP address or localhost',
  ],
  [
    'LOOPSCOPE_STALL_THRESHOLD_MS',
    ['19', '60001', 'fast', '', '-100', 'Infinity'],
    `${milliseconds} from 20 to 60000`,
  ],
  ['LOOPSCOPE_EXPORTERS', ['promtheus', 'prometheus;otlp', '', 'none,otlp'], 'prometheus and otlp, or none'],
  ['LOOPSCOPE_REQUEST', ['yes', '', '2', '__proto__'], 'true or false'],
  ['LOOPSCOPE_LIVEZ_STOPPED_MS', ['999', 'x', ''], milliseconds],
  ['LOOPSCOPE_READYZ_SATURATED', ['on', ''], 'true or false'],
  ['LOOPSCOPE_EXIT_FLUSH_MS', ['5001', '-1', '1s'], `${milliseconds} from 0 to 5000`],
  ['LOOPSCOPE_DISABLED', ['maybe', ''], 'true or false'],
  ['LOOPSCOPE_NOPE', ['1', '', 'x'.repeat(100_000), 'two\nlines', '\u001b[31mred'], 'one of'],
];

const cases = malformed.flatMap(([variable, values, expected]) =>
  values.map((value) => ({ variable, value, shown: JSON.stringify(value).slice(0, 40), expected })),
);

const script = fixture('exit/exit-timer.mjs');
const prints = 'exit listener saw 7\n';

describe.each(supportedNodes)('on Node $name', (node) => {
  test.each(cases)(
    '$variable=$shown: one line, and the default holds',
    async ({ variable, value, shown, expected }) => {
      const result = await run({ node, args: [script], preload: byImport.ours, env: { [variable]: value } });
      expect(result).toMatchObject({ exitCode: 7, stdout: prints });
      const lines = result.stderr.trimEnd().split('\n');
      expect(lines).toEqual([expect.stringContaining(variable)]);
      expect(lines[0]).toContain(expected);
      expect(lines[0]).toContain(shown.slice(1, 38).replace(/"$/, ''));
      expect(lines[0]?.length).toBeLessThan(1000);
    },
  );

  test('a malformed token is not shown', async () => {
    const env = { LOOPSCOPE_TOKEN: 'hunter2' };
    const { stderr, exitCode } = await run({ node, args: [script], preload: byImport.ours, env });
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/^.*LOOPSCOPE_TOKEN.*expected.*\n$/);
    expect(stderr).not.toContain('hunter2');
  });

  test('a wrong threshold leaves the default in force', async () => {
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: { LOOPSCOPE_STALL_THRESHOLD_MS: '5' },
    });
    app.tell('cpu-loop 60');
    app.tell('cpu-loop 400');
    const stall = await stallOf(app.url, 'priceOrders', 'closed');
    expect(stall.durationMs).toBeGreaterThan(300);
  });

  test.each([
    { value: 'true', runs: false },
    { value: '1', runs: false },
    { value: 'false', runs: true },
  ])('LOOPSCOPE_DISABLED=$value', async ({ value, runs }) => {
    const env = { LOOPSCOPE_DISABLED: value, NODE_DEBUG: 'loopscope' };
    const { stderr } = await run({
      node,
      args: [fixture('loading/blocks-and-ends.mjs')],
      preload: byImport.ours,
      env,
    });
    expect(/listening on/.test(stderr)).toBe(runs);
  });

  const options = [
    { given: { port: 65_536 }, names: ['port', '65536'] },
    { given: { port: '9465' }, names: ['port', '"9465"'] },
    { given: { stallThresholdMs: 5 }, names: ['stallThresholdMs', '5'] },
    { given: { host: 'example.com' }, names: ['host', '"example.com"'] },
    { given: { exporters: ['statsd'] }, names: ['exporters', '"statsd"'] },
    { given: { request: 'yes' }, names: ['request', '"yes"'] },
    { given: { thresholdMs: 50 }, names: ['thresholdMs', '50'] },
    { given: null, names: ['options', 'null'] },
    { given: [1], names: ['options', '1'] },
  ];
  test.each(options)('start($given) throws, naming option and value', async ({ given, names }) => {
    const args = [fixture('input/starts-in-code.mjs'), JSON.stringify(given)];
    const { stdout, stderr, exitCode } = await run({ node, args });
    expect(stdout).toMatch(/^TypeError LOOPSCOPE_INVALID_OPTION .*expected/);
    for (const name of names) {
      expect(stdout).toContain(name);
    }
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('start() with right options runs, and stops', async () => {
    const args = [fixture('input/starts-in-code.mjs'), JSON.stringify({ port: 0, stallThresholdMs: 50 })];
    expect(await run({ node, args })).toMatchObject({ exitCode: 0, stdout: 'state running\n', stderr: '' });
  });

  test('start() after the preload joins it, and names the options that differ in one line', async () => {
    const args = [fixture('input/starts-in-code.mjs'), JSON.stringify({ stallThresholdMs: 50 })];
    const result = await run({ node, args, preload: byImport.ours });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'state running\n' });
    expect(result.stderr).toMatch(/^loopscope: [^\n]*stallThresholdMs[^\n]*\n$/);
    const same = await run({
      node,
      args: [args[0] ?? '', '{"stallThresholdMs":100}'],
      preload: byImport.ours,
    });
    expect(same).toMatchObject({ stderr: '', stdout: 'state running\n' });
  });

  test('an agent goes on where nothing leaves', async () => {
    const env = { LOOPSCOPE_EXPORTERS: 'none' };
    const result = await run({ node, args: [script], preload: byImport.ours, env });
    expect(result).toMatchObject({ exitCode: 7, stdout: prints, stderr: '' });
  });

  test('a scrape of what a malformed variable left is whole', async () => {
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: { LOOPSCOPE_NOPE: '1' },
    });
    expect((await scrape(app.url)).sum('loopscope_agent_starts_total')).toBe(1);
  });
});
