// Pushes what happens, as it happens: log records and spans. One request at a time carries all that has
// gathered meanwhile; the queue is bounded, and what it can't hold is given up, oldest first, and counted.
import { SignalExporter, type SignalExporterParts } from './signal-exporter.ts';

const mostQueued = 256;

export interface EventPushParts<Item> extends SignalExporterParts {
  serialize(items: Item[]): Uint8Array | undefined;
  /** Told of a failure in making a request. */
  onError(error: unknown): void;
}

export class EventPush<Item> {
  readonly #parts: EventPushParts<Item>;
  readonly #exporter: SignalExporter;
  #queue: Item[] = [];
  #underWay: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: EventPushParts<Item>) {
    this.#parts = parts;
    this.#exporter = new SignalExporter(parts);
  }

  /** Makes what the first request would wait for. */
  prepare(): void {
    this.#exporter.prepare();
  }

  push(item: Item): void {
    this.#queue.push(item);
    if (this.#queue.length > mostQueued) {
      this.#queue.shift();
      this.#exporter.dropped(1);
    }
    this.#send();
  }

  /** Sends what there is, each request in one attempt. */
  async flush(): Promise<void> {
    this.#exporter.hurry();
    while (this.#underWay !== undefined) {
      await this.#underWay;
    }
    this.#exporter.calm();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#queue = [];
    this.#exporter.stop();
    await this.#underWay;
  }

  #send(): void {
    if (this.#underWay !== undefined || this.#queue.length === 0 || this.#exporter.stopped) {
      return;
    }
    const { quietMs } = this.#exporter;
    if (quietMs > 0) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#send(), quietMs);
      this.#timer.unref();
      return;
    }
    this.#underWay = this.#sendAll()
      .catch((error: unknown) => this.#parts.onError(error))
      .finally(() => {
        this.#underWay = undefined;
        this.#send();
      });
  }

  async #sendAll(): Promise<void> {
    const items = this.#queue;
    this.#queue = [];
    const body = this.#parts.serialize(items);
    if (body !== undefined) {
      await this.#exporter.export(body, items.length);
    }
  }
}
