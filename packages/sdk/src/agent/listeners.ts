// A set of listeners of which none can disturb the others or the caller.

export class Listeners<Arguments extends readonly unknown[]> {
  readonly #listeners = new Set<(...event: Arguments) => void>();
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Returns its undo. */
  add(listener: (...event: Arguments) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(...event: Arguments): void {
    for (const listener of this.#listeners) {
      try {
        listener(...event);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
