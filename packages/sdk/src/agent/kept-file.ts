// A small file of /proc that is read again and again, its descriptor kept. Linux only; read synchronously,
// since an asynchronous read is a job on the application's libuv pool.
import { closeSync, openSync, readSync } from 'node:fs';

const buffer = Buffer.alloc(512);

export class KeptFile<Content> {
  readonly #parse: (text: string) => Content | undefined;
  #descriptor: number | undefined;

  constructor(path: string, parse: (text: string) => Content | undefined) {
    this.#parse = parse;
    try {
      this.#descriptor = openSync(path, 'r');
    } catch {
      // Not Linux, or not permitted.
    }
  }

  /** What the file holds now; undefined where it never was, is no more, or makes no sense. */
  read(): Content | undefined {
    if (this.#descriptor === undefined) {
      return undefined;
    }
    try {
      const length = readSync(this.#descriptor, buffer, 0, buffer.length, 0);
      return this.#parse(buffer.toString('latin1', 0, length));
    } catch {
      this.stop();
      return undefined;
    }
  }

  /** Idempotent; nothing can be read afterwards. */
  stop(): void {
    if (this.#descriptor !== undefined) {
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
    }
  }
}
