// Both peers in the process under measurement, on the same loop and the same schedule, each with an
// endpoint of its own.
const { PROM_CLIENT_PORT = '', RUNTIME_NODE_PORT = '' } = process.env;

process.env.PEER_PORT = PROM_CLIENT_PORT;
await import('../peers/prom-client.mjs');
process.env.PEER_PORT = RUNTIME_NODE_PORT;
await import('../peers/runtime-node.mjs');
