// The healthy side of the service: a few orders in memory, bounded.

export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly totalCents: number;
}

const mostOrders = 1000;
const seeded = 100;

export class OrderBook {
  readonly #orders = new Map<number, Order>();
  #nextId = 1;

  constructor() {
    for (let i = 0; i < seeded; i++) {
      this.place({ customer: `customer-${i % 17}`, totalCents: 1_000 + i * 137 });
    }
  }

  place(order: Omit<Order, 'id'>): Order {
    const placed = { ...order, id: this.#nextId++ };
    this.#orders.set(placed.id, placed);
    const oldest = this.#orders.keys().next().value;
    if (this.#orders.size > mostOrders && oldest !== undefined) {
      this.#orders.delete(oldest);
    }
    return placed;
  }

  find(id: number): Order | undefined {
    return this.#orders.get(id);
  }

  latest(count: number): Order[] {
    return [...this.#orders.values()].slice(-count).reverse();
  }
}
