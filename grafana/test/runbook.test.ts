import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { panelsOf } from '../queries.ts';
import { alerts } from '../rules/alerts.ts';
import { runbookUrl } from '../runbook.ts';
import { dashboards, grafanaFolder } from './support.ts';

const page = readFileSync(join(grafanaFolder, '../docs/RUNBOOK.md'), 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

describe('the runbook', () => {
  test('has a section for each alert, in the order of the rules, and no other', () => {
    expect([...sections.keys()]).toEqual(alerts.map(({ name }) => name));
  });

  test.each(alerts)('says of $name how bad it is and when it fires, as the rules have it', (alert) => {
    expect(sections.get(alert.name)).toContain(
      `Severity: ${alert.severity}. Fires when ${alert.firesWhen}.\n`,
    );
  });

  test.each(alerts)(
    'says of $name what it means, where to look, what it usually is, how to silence it',
    ({ name }) => {
      const parts = [...(sections.get(name) ?? '').matchAll(/^\*\*([^*]+)\.\*\* \S/gm)].map(
        ([, part]) => part,
      );
      expect(parts).toEqual(['Meaning', 'First look', 'Usual causes', 'Silence']);
    },
  );

  test.each(alerts)('is where the link of $name leads', (alert) => {
    const [, anchor] = runbookUrl(alert).split('#');
    expect([...sections.keys()].map((heading) => heading.toLowerCase())).toContain(anchor);
  });

  test('names only panels and dashboards that exist', () => {
    const known = new Set(
      dashboards.flatMap((dashboard) => [
        dashboard.title,
        dashboard.title?.replace('Loopscope / ', ''),
        ...panelsOf(dashboard).map(({ title }) => title),
      ]),
    );
    // Emphasis that is no name of a panel: the causes of a stall.
    const causes = new Set(['starved']);
    const named = [...page.matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !known.has(name) && !causes.has(name))).toEqual([]);
  });
});
