// The routes of the service: orders, and a route for each fault.
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type expressModule from 'express';
import type { Express, Request, Response } from 'express';
import { type Fault, isBlocking } from './fault.ts';
import { explainFaultMs, parseFaultMs } from './fault-duration.ts';
import { faults } from './faults/index.ts';
import { observePauses } from './loop-pause.ts';
import { OrderBook } from './orders.ts';

// Required, not imported: the instrumentation then patches it without a module loader hook, which
// would cost a thread and start-up time.
const express = createRequire(import.meta.url)('express') as typeof expressModule;

/** What a fault that was switched on answers. */
export interface FaultAnswer {
  readonly fault: string;
  readonly askedMs: number;
  /** How long the loop stood still, by the service's own clock. */
  readonly pausedMs: number;
  readonly result: unknown;
}

/** The service's Express application, not yet listening. */
export function createApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '16kb' }));
  mountOrders(app, new OrderBook());
  app.get('/faults', (_request, response) => {
    response.json(faults.map(({ name, title, path, expected }) => ({ name, title, path, expected })));
  });
  for (const fault of faults) {
    app.get(fault.route, (request, response) => switchOn(fault, request, response));
  }
  return app;
}

function mountOrders(app: Express, orders: OrderBook): void {
  app.get('/orders', (_request, response) => {
    response.json(orders.latest(20));
  });
  app.get('/orders/:id', (request, response) => {
    const order = orders.find(Number(request.params.id));
    if (order === undefined) {
      response.status(404).json({ error: 'no such order' });
      return;
    }
    response.json(order);
  });
  app.post('/orders', (request, response) => {
    const { customer, totalCents } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof customer !== 'string' || !Number.isSafeInteger(totalCents)) {
      response.status(400).json({ error: 'customer (text) and totalCents (whole number) are needed' });
      return;
    }
    response
      .status(201)
      .json(orders.place({ customer: customer.slice(0, 80), totalCents: totalCents as number }));
  });
}

async function switchOn(fault: Fault, request: Request, response: Response): Promise<void> {
  const askedMs = parseFaultMs(request.query['ms']);
  if (askedMs === undefined) {
    response.status(400).json({ error: explainFaultMs('ms', request.query['ms']) });
    return;
  }
  const answer: FaultAnswer = isBlocking(fault) ? await block(fault, askedMs) : await burden(fault, askedMs);
  response.json(answer);
}

async function block(fault: Fault, askedMs: number): Promise<FaultAnswer> {
  const start = performance.now();
  const result = await fault.run(askedMs);
  return { fault: fault.name, askedMs, pausedMs: Math.round(performance.now() - start), result };
}

/** Answers no sooner than asked, so that the loop is watched while the burden weighs on it. */
async function burden(fault: Fault, askedMs: number): Promise<FaultAnswer> {
  const { result, longestPauseMs } = await observePauses(async () => {
    const [outcome] = await Promise.all([fault.run(askedMs), delay(askedMs)]);
    return outcome;
  });
  return { fault: fault.name, askedMs, pausedMs: Math.round(longestPauseMs), result };
}
