// A debugger at an inspector's port, as DevTools is one.

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
}

export class DebuggerClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #received: Message[] = [];
  readonly #waiting = new Set<() => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.#received.push(JSON.parse(String(data)) as Message);
      for (const check of this.#waiting) {
        check();
      }
    });
  }

  static connect(address: string): Promise<DebuggerClient> {
    const socket = new WebSocket(address);
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(new DebuggerClient(socket)));
      socket.addEventListener('error', () => reject(new Error(`no debugger at ${address}`)));
    });
  }

  /** Sends a command and waits for its answer. */
  async send(method: string, params: object = {}): Promise<void> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#socket.send(JSON.stringify({ id, method, params }));
    await this.#find((message) => message.id === id);
  }

  /** Waits for an event, if it has not come already. */
  event(method: string): Promise<Message> {
    return this.#find((message) => message.method === method);
  }

  #find(matches: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => {
      const check = (): void => {
        const message = this.#received.find(matches);
        if (message !== undefined) {
          this.#waiting.delete(check);
          resolve(message);
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.addEventListener('close', resolve));
    this.#socket.close();
    await closed;
  }
}
