// A service that knows nothing of Loopscope. Watch it:
//
//   node --import @loopscope/sdk/register server.mjs
//   curl -s http://127.0.0.1:3000/report & curl -s http://127.0.0.1:9465/stalls
import { createServer } from 'node:http';

function makeReport() {
  const rows = Array.from({ length: 200_000 }, (_, id) => ({ id, name: `customer ${id % 977}` }));
  return rows.sort((a, b) => a.name.localeCompare(b.name, 'de')).slice(0, 3);
}

createServer((request, response) => {
  response.end(request.url === '/report' ? `${JSON.stringify(makeReport())}\n` : 'ok\n');
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', function listening() {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});
