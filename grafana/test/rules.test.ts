// The rules against a real promtool: their form, and each alert on series made for it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alerts } from '../rules/alerts.ts';
import { prometheusRules, prometheusRulesText } from '../rules/prometheus-rules.ts';
import { alertCases } from './alert-cases.ts';
import { grafanaFolder, missing, promtool } from './support.ts';

const rules = readFileSync(join(grafanaFolder, 'generated/prometheus-rules.yaml'), 'utf8');

describe('each alert', () => {
  test.each(alerts)('$name has a case in which it fires and a near miss', ({ name }) => {
    const cases = alertCases.filter(({ alert }) => alert === name);
    expect(cases.some(({ fires }) => fires.length > 0)).toBe(true);
    expect(cases.some(({ fires }) => fires.length === 0)).toBe(true);
  });

  test.each(prometheusRules().groups[1]?.rules ?? [])(
    '$alert says what, how bad, and where to look',
    (rule) => {
      expect(rule.labels).toEqual({ severity: expect.stringMatching(/^(?:critical|warning)$/) });
      expect(rule.annotations).toEqual({
        summary: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\.$/),
        runbook_url: expect.stringMatching(/^https:\/\/\S+#loopscope[a-z]+$/),
        dashboard: expect.stringMatching(/^\/d\/loopscope-[a-z]+\?/),
      });
    },
  );
});

test('a time scale shortens every window alike', () => {
  const text = prometheusRulesText({ timeScale: 60 });
  expect(text).toContain('{phase="running"}[5s]');
  expect(text).toContain('for: 10s');
  expect(text).not.toMatch(/\[\d+[hd]\]/);
});

const withoutPromtool = missing('promtool');
describe.skipIf(withoutPromtool !== undefined)(
  `promtool${withoutPromtool === undefined ? '' : ` (${withoutPromtool})`}`,
  () => {
    test('takes the rules', () => {
      const { status, output } = promtool((path) => ['check', 'rules', path('rules.yaml')], {
        'rules.yaml': rules,
      });
      expect(status, output).toBe(0);
    });

    test.each(
      alertCases.map(
        (each) => [each.alert, each.fires.length > 0 ? 'fires' : 'stays quiet', each.name, each] as const,
      ),
    )(
      '%s %s: %s',
      (_alert, _verdict, _name, each) => {
        const severity = alerts.find(({ name }) => name === each.alert)?.severity;
        const samples = each.fires.map((labels) => {
          const all = { alertname: each.alert, alertstate: 'firing', severity, ...labels };
          const text = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
          return { labels: `ALERTS{${text.join(', ')}}`, value: 1 };
        }, 30_000);
        const file = {
          rule_files: ['rules.yaml'],
          // Else promtool takes the groups in any order, and alerts may see recordings of ten minutes ago.
          group_eval_order: prometheusRules().groups.map(({ name }) => name),
          // Days are evaluated every ten minutes: every minute would take promtool half a minute.
          evaluation_interval: each.afterMinutes > 300 ? '10m' : '1m',
          tests: [
            {
              interval: '1m',
              input_series: Object.entries(each.series).map(([series, values]) => ({ series, values })),
              promql_expr_test: [
                {
                  expr: `ALERTS{alertname="${each.alert}", alertstate="firing"}`,
                  eval_time: `${each.afterMinutes}m`,
                  exp_samples: samples,
                },
              ],
            },
          ],
        };
        const { status, output } = promtool((path) => ['test', 'rules', path('test.yaml')], {
          'rules.yaml': rules,
          'test.yaml': JSON.stringify(file),
        });
        expect(status, output).toBe(0);
      },
      30_000,
    );
  },
);
