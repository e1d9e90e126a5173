import { expect, test } from 'vitest';
import { faults } from '../../src/faults/index.ts';
import { helpText, parseOptions } from '../../src/runner/options.ts';

test('no arguments mean rounds of every fault', () => {
  expect(parseOptions([], faults)).toEqual({ kind: 'run', options: { once: false, ms: 400, faults } });
});

test('faults are chosen by name, in their own order', () => {
  const parsed = parseOptions(['--once', '--ms', '900', '--only', 'zlib', '--only', 'json'], faults);
  expect(parsed).toMatchObject({
    kind: 'run',
    options: { once: true, ms: 900, faults: [{ name: 'json' }, { name: 'zlib' }] },
  });
});

test.each([
  [['--twice'], "Unknown option '--twice'. See --help."],
  [['once'], "Unexpected argument 'once'. See --help."],
  [['--ms'], "Option '--ms <value>' argument missing. See --help."],
  [['--ms', '7'], '--ms must be a whole number from 50 to 10000, not "7".'],
  [['--only', 'gremlins'], '--only must name a fault, not "gremlins". See --help.'],
])('%j is refused: %s', (args, complaint) => {
  expect(parseOptions(args, faults)).toEqual({ kind: 'wrong', complaint });
});

test('the help names every fault, and is asked for even beside other options', () => {
  expect(parseOptions(['--once', '-h'], faults)).toEqual({ kind: 'help' });
  const lines = helpText(faults).split('\n');
  for (const fault of faults) {
    expect(lines.filter((line) => line.startsWith(`  ${fault.name} `)).length).toBe(1);
  }
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});
