// A cluster: each process is watched by an agent of its own, with an endpoint of its own. Prometheus scrapes all of
// them: the primary at 9465, its workers at the ports after it.
//
//   node --import @loopscope/sdk/register cluster.mjs
import cluster from 'node:cluster';
import { createServer } from 'node:http';

const workers = 2;

if (cluster.isPrimary) {
  const first = Number(process.env.LOOPSCOPE_PORT ?? 9465);
  for (let id = 1; id <= workers; id += 1) {
    cluster.fork({ LOOPSCOPE_PORT: String(first + id) });
  }
} else {
  createServer((_request, response) => {
    response.end(`served by ${process.pid}\n`);
  }).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', function listening() {
    console.log(`listening on http://127.0.0.1:${this.address().port}`);
  });
}
