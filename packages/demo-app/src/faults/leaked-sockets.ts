// Connections to a stock service that are opened for each request and never closed, up to a bound.
// The stock service is a listener in this process; both ends count.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Fault } from '../fault.ts';

const socketsPerRequest = 5;
const mostSockets = 400;
const sockets = new Set<Socket>();
let stockService: Promise<Server> | undefined;

export const leakedSockets: Fault = {
  name: 'leaked-sockets',
  title: 'Connections are opened and never closed',
  route: '/stock/:sku',
  path: '/stock/KX-4711-B',
  expected: 'No stall: the loop is free. The count of open sockets rises with each request.',
  run: async () => {
    stockService ??= startStockService();
    const { port } = (await stockService).address() as AddressInfo;
    for (let i = 0; i < socketsPerRequest && sockets.size < mostSockets; i++) {
      sockets.add(await askStock(port));
    }
    return { sockets: sockets.size };
  },
  release: () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    sockets.clear();
    void stockService?.then((server) => server.close());
    stockService = undefined;
  },
};

async function askStock(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function startStockService(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
