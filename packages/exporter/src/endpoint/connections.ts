// Who holds a connection. Turning the newest away when all are taken would let sixteen silent clients
// keep a liveness probe out, and so get the process killed. Here the newcomer gets in, and the one goes
// that has been there longest without being answered.
import type { Socket } from 'node:net';

/** A bounded set of connections, each with the number of its answers under way. */
export class Connections {
  readonly #limit: number;
  /** In the order of their coming. */
  readonly #answering = new Map<Socket, number>();
  readonly #overdrawn = new WeakSet<Socket>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  admit(socket: Socket): void {
    // Nothing that a client holds open may keep the thread.
    socket.unref();
    this.#answering.set(socket, 0);
    socket.once('close', () => this.#answering.delete(socket));
    if (this.#answering.size > this.#limit) {
      const others = [...this.#answering].slice(0, -1);
      const [evicted] = others.find(([, answers]) => answers === 0) ?? others[0] ?? [];
      evicted?.destroy();
    }
  }

  answerBegins(socket: Socket): void {
    this.#change(socket, 1);
  }

  answerEnds(socket: Socket): void {
    this.#change(socket, -1);
    this.#closeIfDone(socket);
  }

  /** The connection has had all the requests that it may have: it is closed after their answers. */
  overdraw(socket: Socket): void {
    this.#overdrawn.add(socket);
    this.#closeIfDone(socket);
  }

  #change(socket: Socket, by: 1 | -1): void {
    const answers = this.#answering.get(socket);
    if (answers !== undefined) {
      this.#answering.set(socket, answers + by);
    }
  }

  #closeIfDone(socket: Socket): void {
    if (this.#answering.get(socket) === 0 && this.#overdrawn.has(socket)) {
      socket.destroySoon();
    }
  }
}
