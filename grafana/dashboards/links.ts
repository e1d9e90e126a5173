// Ways from one dashboard to the next: from the fleet to the code to blame in two clicks.
import type { Link } from './panel.ts';

/** A variable of Grafana's, in a text that is handed to Grafana. */
const filledIn = (name: string): string => `\${${name}}`;

const time = filledIn('__url_time_range');
const source = `var-datasource=${filledIn('datasource')}`;

function toDashboard(uid: string, job: string, instance: string): string {
  return `/d/${uid}?${source}&var-job=${filledIn(job)}&var-instance=${filledIn(instance)}&${time}`;
}

/** Grafana's Explore with a search for traces, for a data source with the uid `tempo`. */
function slowTraces(service: string): string {
  const query = `{resource.service.name="${filledIn(service)}" && duration>100ms}`;
  const range = { from: filledIn('__from'), to: filledIn('__to') };
  const queries = [{ refId: 'A', queryType: 'traceql', query }];
  const panes = JSON.stringify({ loopscope: { datasource: 'tempo', queries, range } });
  return `/explore?schemaVersion=1&orgId=1&panes=${panes.replaceAll('&', '%26')}`;
}

const [job, instance, service] = ['Job', 'Instance', 'Service'].map((field) => `__data.fields.${field}`) as [
  string,
  string,
  string,
];

/** From a table's row. */
export const rowLinks = {
  stalls: {
    title: 'Stalls of this instance: the code to blame',
    url: toDashboard('loopscope-stalls', job, instance),
  },
  instance: { title: 'This instance in full', url: toDashboard('loopscope-instance', job, instance) },
  latestStalls: {
    title:
      'Its latest stalls with stack and trace id (/stalls of a scraped instance, where you can reach it)',
    url: `http://${filledIn(instance)}/stalls`,
    newTab: true,
  },
  traces: {
    title: 'Slow traces of this service (a data source for traces with the uid tempo)',
    url: slowTraces(service),
    newTab: true,
  },
} as const satisfies Record<string, Link>;

const seriesJob = '__field.labels.job';
const seriesInstance = '__field.labels.instance';

/** From a series of a graph. */
export const seriesLinks = {
  stalls: {
    title: `Stalls of ${filledIn(seriesInstance)}: the code to blame`,
    url: toDashboard('loopscope-stalls', seriesJob, seriesInstance),
  },
  instance: {
    title: `${filledIn(seriesInstance)} in full`,
    url: toDashboard('loopscope-instance', seriesJob, seriesInstance),
  },
} as const satisfies Record<string, Link>;
