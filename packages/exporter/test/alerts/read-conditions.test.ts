import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertCondition, ResolvedOptions } from '@loopscope/sdk/telemetry';
import { afterAll, describe, expect, test } from 'vitest';
import { readConditions } from '../../src/alerts/read-conditions.ts';

const good: AlertCondition = { stall: 'durationMs', operator: '>=', value: 1000 };
const folder = mkdtempSync(join(tmpdir(), 'loopscope-conditions-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(alerts: ResolvedOptions['alerts']): { conditions: readonly AlertCondition[]; said: string[] } {
  const said: string[] = [];
  return { conditions: readConditions(alerts, (line) => said.push(line)), said };
}

describe('conditions', () => {
  test('given in code are taken as they are', () => {
    expect(read([good])).toEqual({ conditions: [good], said: [] });
    expect(read(undefined)).toEqual({ conditions: [], said: [] });
  });

  test('are read from a text', () => {
    expect(read({ text: JSON.stringify([good]) })).toEqual({ conditions: [good], said: [] });
  });

  test('are read from a file', () => {
    const path = join(folder, 'alerts.json');
    writeFileSync(path, JSON.stringify([good]));
    expect(read({ path })).toEqual({ conditions: [good], said: [] });
  });

  test('that are wrong are named one by one, with index, field and value, and the others hold', () => {
    const text = JSON.stringify([{ ...good, operator: '=>' }, good, { metric: 'a\nb' }, 'x'.repeat(1000)]);
    expect(read({ text })).toEqual({
      conditions: [good],
      said: [
        'LOOPSCOPE_ALERTS[0].operator: received "=>", expected one of > >= < <= == !=; this condition is left out',
        expect.stringMatching(
          /^LOOPSCOPE_ALERTS\[2\]\.metric: received "a\\nb", expected a metric of docs\/METRICS\.md, such as \S+; this condition is left out$/,
        ),
        expect.stringMatching(/^LOOPSCOPE_ALERTS\[3\]: received "x{76}\.\.\., expected an object/),
      ],
    });
  });

  test.each([
    ['[{]', /^LOOPSCOPE_ALERTS is ignored: expected a JSON array of conditions \(.+\)$/],
    ['{"a": 1}', /^LOOPSCOPE_ALERTS: received {"a":1}, expected an array of conditions; it is ignored$/],
    [
      JSON.stringify(Array.from({ length: 101 }, () => good)),
      /^LOOPSCOPE_ALERTS\.length: received 101, expected at most 100/,
    ],
  ])('%s are none, and one line says why', (text, line) => {
    expect(read({ text })).toEqual({ conditions: [], said: [expect.stringMatching(line)] });
  });
});

describe('a file', () => {
  test('that is not there, too long or none is said', () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const long = join(folder, 'long.json');
    writeFileSync(long, ' '.repeat(1024 * 1024 + 1));
    const reasons = { [join(folder, 'missing')]: 'ENOENT', [fifo]: 'not a regular', [long]: '1 MiB' };
    for (const [path, reason] of Object.entries(reasons)) {
      const { conditions, said } = read({ path });
      expect(conditions).toEqual([]);
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(reason);
    }
  });
});
