import { expect, test } from 'vitest';
import { OrderBook } from '../src/orders.ts';

test('the book keeps a bounded number of orders and drops the oldest', () => {
  const book = new OrderBook();
  const first = book.find(1);
  expect(first?.id).toBe(1);
  for (let i = 0; i < 1_000; i++) {
    book.place({ customer: 'c', totalCents: i });
  }
  expect(book.find(1)).toBeUndefined();
  expect(book.latest(5_000).length).toBe(1_000);
  expect(book.latest(2).map(({ totalCents }) => totalCents)).toEqual([999, 998]);
});
