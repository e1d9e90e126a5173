// Form of the dashboards: Grafana's own types as a schema, the layout, and what its dashboard-linter
// asks. The schema is made from the types that Grafana publishes, so that a name that Grafana does not
// know, or a value outside an enumeration, fails here and not on somebody's screen.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { beforeAll, describe, expect, test } from 'vitest';
import { annotationQueriesOf, isRow, panelsOf, queriesOf } from '../queries.ts';
import { dashboards, grafanaFolder } from './support.ts';

const named = dashboards.map((dashboard) => [dashboard.title ?? '', dashboard] as const);

function schemaOf(module: string, type: string): ValidateFunction {
  const entry = fileURLToPath(import.meta.resolve(`@grafana/grafana-foundation-sdk/${module}`));
  const path = entry.replace(/index\.js$/, 'types.gen.d.ts');
  const schema = createGenerator({
    path,
    type,
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema(type);
  // The sdk leaves queries open, and types a mark of its own into them.
  const { definitions = {} } = schema as { definitions?: Record<string, { additionalProperties?: boolean }> };
  if (definitions['Dataquery']?.additionalProperties === false) {
    definitions['Dataquery'].additionalProperties = true;
  }
  return new Ajv({ strict: false }).compile(schema as AnySchema);
}

describe("Grafana's schema", () => {
  const types = [
    ...new Set(dashboards.flatMap((dashboard) => panelsOf(dashboard).map(({ type }) => type))),
  ].sort();
  const compiled = new Map<string, ValidateFunction>();

  beforeAll(() => {
    compiled.set('dashboard', schemaOf('dashboard', 'Dashboard'));
    for (const type of types) {
      compiled.set(type, schemaOf(type, 'Options'));
    }
  }, 60_000);

  test.each(named)('takes %s', (_title, dashboard) => {
    const validate = compiled.get('dashboard');
    validate?.(dashboard);
    expect(validate?.errors ?? []).toEqual([]);
  });

  test('takes the options of each panel', () => {
    const wrong = dashboards.flatMap(panelsOf).flatMap((panel) => {
      const validate = compiled.get(panel.type);
      return validate?.(panel.options) === true ? [] : [{ panel: panel.title, errors: validate?.errors }];
    });
    expect(wrong).toEqual([]);
  });

  test('refuses what Grafana does not know', () => {
    const [dashboard] = dashboards;
    expect(compiled.get('dashboard')?.({ ...dashboard, panel: [] })).toBe(false);
    expect(compiled.get('dashboard')?.({ ...dashboard, schemaVersion: '42' })).toBe(false);
  });
});

describe('the layout', () => {
  test.each(named)(
    'of %s has no overlap, no gap within a line, nothing outside the grid',
    (_title, { panels = [] }) => {
      const taken = new Map<string, string>();
      const collisions: string[] = [];
      for (const panel of panels) {
        const { x, y, w, h } = panel.gridPos ?? { x: -1, y: -1, w: 0, h: 0 };
        expect([x >= 0, y >= 0, w > 0, h > 0, x + w <= 24], panel.title).toEqual([
          true,
          true,
          true,
          true,
          true,
        ]);
        for (let column = x; column < x + w; column++) {
          for (let line = y; line < y + h; line++) {
            const cell = `${column}:${line}`;
            const other = taken.get(cell);
            if (other !== undefined) {
              collisions.push(`${other} and ${panel.title} at ${cell}`);
            }
            taken.set(cell, panel.title ?? '');
          }
        }
      }
      expect(collisions).toEqual([]);
      expect(taken.size % 24).toBe(0);
    },
  );

  test.each(named)('of %s numbers panels and queries uniquely', (_title, { panels = [] }) => {
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const panel of panels) {
      const refIds = isRow(panel)
        ? []
        : (panel.targets ?? []).map((target) => (target as { refId?: string }).refId);
      expect(refIds.every((refId) => /^[A-Z]$/.test(refId ?? ''))).toBe(true);
      expect(new Set(refIds).size).toBe(refIds.length);
    }
  });

  test('asks of nobody to read more than 24 panels', () => {
    expect(dashboards.map((dashboard) => panelsOf(dashboard).length).filter((count) => count > 24)).toEqual(
      [],
    );
  });

  test('gives each dashboard an address of its own', () => {
    const addresses = dashboards.map(({ uid }) => uid);
    expect(addresses).toEqual([
      'loopscope-agent',
      'loopscope-fleet',
      'loopscope-instance',
      'loopscope-stalls',
    ]);
  });
});

// The rules of github.com/grafana/dashboard-linter that speak of Prometheus.
describe('the dashboard-linter asks that', () => {
  test.each(named)('%s chooses its data source, job and instance by variables', (_title, { templating }) => {
    const variables = Object.fromEntries(
      (templating.list ?? []).map((variable) => [variable.name, variable]),
    );
    expect(Object.keys(variables)).toEqual(['datasource', 'job', 'instance']);
    expect(variables['datasource']).toMatchObject({
      type: 'datasource',
      query: 'prometheus',
      label: 'Data source',
    });
    for (const [name, label] of [
      ['job', 'Job'],
      ['instance', 'Instance'],
    ] as const) {
      expect(variables[name]).toMatchObject({
        type: 'query',
        label,
        datasource: { uid: '$datasource' },
        multi: true,
        includeAll: true,
        allValue: '.+',
        refresh: 2,
      });
    }
  });

  test.each(named)('%s can not be edited in place', (_title, { editable }) => {
    expect(editable).toBe(false);
  });

  test.each(named)(
    'every panel of %s has the data source, a title, a unit, and a description that says what to do',
    (_title, dashboard) => {
      for (const panel of panelsOf(dashboard)) {
        expect(panel.datasource, panel.title).toEqual({ type: 'prometheus', uid: '$datasource' });
        expect(panel.title).toMatch(/\S/);
        expect(panel.description, panel.title).toMatch(
          /^\S[\s\S]+\*\*What to do:\*\* \S[\s\S]+\*\*Level:\*\* \S/,
        );
        expect(panel.fieldConfig?.defaults.unit, panel.title).toMatch(
          /^(?:s|none|short|percentunit|bytes|ops|reqps)$/,
        );
      }
    },
  );

  test.each(named)('every query of %s chooses job and instance, in every selector', (_title, dashboard) => {
    for (const { where, expr } of queriesOf(dashboard)) {
      const selectors = [...expr.matchAll(/[a-z_:]+\{([^}]*)\}/g)].map(([, matchers]) => matchers);
      expect(selectors.length, where).toBeGreaterThan(0);
      for (const matchers of selectors) {
        expect(matchers, where).toMatch(/^job=~"\$job", instance=~"\$instance"/);
      }
    }
    for (const [where, expr] of annotationQueriesOf(dashboard)) {
      expect(expr, where).toContain('job=~"$job", instance=~"$instance"');
    }
  });

  test.each(named)(
    'rates of %s are taken over the rate interval, or over all that is shown',
    (_title, dashboard) => {
      for (const { where, expr, instant } of queriesOf(dashboard)) {
        const windows = [...expr.matchAll(/\[([^\]]+)\]( @ end\(\))?/g)].map(([, window, atEnd]) => ({
          window,
          atEnd,
        }));
        for (const { window, atEnd } of windows) {
          // A range within a graph is right only where it is the same at each step.
          const fitting =
            atEnd !== undefined
              ? ['$__range']
              : instant
                ? ['$__range', '$__rate_interval']
                : ['$__rate_interval'];
          expect(fitting, where).toContain(window);
        }
      }
    },
  );
});

describe('links', () => {
  test.each(named)('of %s lead to dashboards that exist', (_title, dashboard) => {
    const uids = new Set(dashboards.map(({ uid }) => uid));
    const text = JSON.stringify(dashboard);
    const targets = [...text.matchAll(/\/d\/([a-z-]+)/g)].map(([, uid]) => uid);
    expect(targets.filter((uid) => !uids.has(uid))).toEqual([]);
  });

  test('lead from the fleet to the code to blame in two clicks', () => {
    const fleet = dashboards.find(({ uid }) => uid === 'loopscope-fleet') as sdk.Dashboard;
    const firstClicks = [...JSON.stringify(fleet).matchAll(/\/d\/([a-z-]+)/g)].map(([, uid]) => uid);
    const second = dashboards.filter(({ uid }) => firstClicks.includes(uid));
    const named = second.filter((dashboard) =>
      panelsOf(dashboard).some((panel) => JSON.stringify(panel.targets).includes('code_function_name')),
    );
    expect(named.map(({ uid }) => uid)).toEqual(['loopscope-instance', 'loopscope-stalls']);
  });
});

test('descriptions name options that exist', () => {
  const documented = readFileSync(join(grafanaFolder, '../docs/CONFIG.md'), 'utf8');
  const named = JSON.stringify(dashboards).match(/\b(?:LOOPSCOPE|OTEL|NODE)_[A-Z_]*[A-Z]\b/g) ?? [];
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
});
