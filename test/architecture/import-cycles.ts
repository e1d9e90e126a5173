import type { ModuleGraph } from './module-graph.ts';

/**
 * Cycles among value imports, each as the path that closes it. Types are left out: they are gone
 * when the code runs, and two contracts may well name each other.
 */
export function findCycles(graph: ModuleGraph): readonly string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      cycles.push([...path.slice(start), file].join(' -> '));
      return;
    }
    if (done.has(file)) {
      return;
    }
    for (const { kind, target } of graph.get(file) ?? []) {
      if (kind === 'value' && target !== undefined) {
        visit(target, [...path, file]);
      }
    }
    done.add(file);
  };
  for (const file of graph.keys()) {
    visit(file, []);
  }
  return cycles;
}
