// One metric in an application's registry whose values the agent has. The registry calls `get()` of all
// its metrics in one go, so one question to the agent answers them all.
import type { MetricsSnapshot } from '@loopscope/sdk';
import type { Aggregator, MetricObject, Sample } from './registry.ts';

/** A name with all its series, as they are read from a snapshot. */
export interface Family {
  /** In the text format 0.0.4: a counter's with `_total`. */
  readonly name: string;
  readonly help: string;
  readonly type: MetricObject['type'];
  readonly aggregator: Aggregator;
  read(snapshot: MetricsSnapshot): Sample[];
}

export class BridgedMetric {
  readonly help: string;
  readonly type: MetricObject['type'];
  readonly aggregator: Aggregator;
  readonly #family: Family;
  readonly #collect: () => Promise<MetricsSnapshot | undefined>;
  /** As the registry that collects now writes it. */
  #written: string;

  constructor(family: Family, collect: () => Promise<MetricsSnapshot | undefined>) {
    this.help = family.help;
    this.type = family.type;
    this.aggregator = family.aggregator;
    this.#family = family;
    this.#collect = collect;
    this.#written = family.name;
  }

  get name(): string {
    return this.#family.name;
  }

  /** A registry that writes OpenMetrics takes `_total` from a counter's name before it collects, each time. */
  set name(written: string) {
    this.#written = written;
  }

  async get(): Promise<MetricObject> {
    const { help, type, aggregator } = this;
    const name = this.#written;
    // The next to collect may be a registry of another format.
    this.#written = this.name;
    const snapshot = await this.#collect();
    return {
      name,
      help,
      type,
      aggregator,
      values: snapshot === undefined ? [] : this.#family.read(snapshot),
    };
  }

  /** `resetMetrics()` of the registry: the agent's counts go on, for others read them too. */
  reset(): void {}
}
