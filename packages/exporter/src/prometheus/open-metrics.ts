// The Prometheus text format 0.0.4 rewritten as OpenMetrics 1.0, which OpenTelemetry's serializer does not
// write. They differ in the names of counters and of target information, in the escaping of help, in the end
// mark, and in exemplars, for which it is worth it: the trace of a stall, one click from its bucket in Grafana.
import { prometheusName } from '@loopscope/sdk/telemetry';
import { type Exemplar, exemplified } from '../shared/stall-exemplars.ts';
import type { TextFormat } from '../shared/text-format.ts';

const bucketStart = `${prometheusName({ name: exemplified, unit: 's', instrument: 'histogram' })}_bucket{`;
const comment = /^# (HELP|TYPE) (\S+) (.*)$/;

/**
 * @param exemplars of the histogram of stalls, in the order of its bucket lines.
 */
export function toOpenMetrics(text: string, exemplars: readonly (Exemplar | undefined)[]): string {
  let bucket = 0;
  const lines = text.split('\n').map((line) => {
    if (line.startsWith(bucketStart)) {
      bucket += 1;
      return `${line}${exemplarText(exemplars[bucket - 1])}`;
    }
    const [, keyword, name, rest] = comment.exec(line) ?? [];
    if (keyword === undefined || name === undefined || rest === undefined) {
      return line;
    }
    if (name === 'target_info') {
      return keyword === 'TYPE' ? '# TYPE target info' : `# HELP target ${rest}`;
    }
    const family = name.endsWith('_total') ? name.slice(0, -'_total'.length) : name;
    return `# ${keyword} ${family} ${keyword === 'HELP' ? rest.replaceAll('"', '\\"') : rest}`;
  });
  return `${lines.join('\n').trimEnd()}\n# EOF\n`;
}

// Hexadecimal ids and numbers: nothing to escape.
function exemplarText(exemplar: Exemplar | undefined): string {
  if (exemplar === undefined) {
    return '';
  }
  const labels = Object.entries(exemplar.labelSet).map(([name, value]) => `${name}="${value}"`);
  return ` # {${labels.join(',')}} ${exemplar.value} ${exemplar.timestamp.toFixed(3)}`;
}

/** What a scraper that sends this `Accept` gets: OpenMetrics where it asks for it no less than for plain text. */
export function formatFor(accept: string | undefined): TextFormat {
  const weights = new Map<string, number>();
  for (const entry of (accept ?? '').toLowerCase().split(',')) {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    weights.set(type, Math.max(weights.get(type) ?? 0, Number.isNaN(weight) ? 0 : weight));
  }
  const open = weights.get('application/openmetrics-text') ?? 0;
  return open > 0 && open >= (weights.get('text/plain') ?? 0) ? 'openMetrics' : 'prometheus';
}
