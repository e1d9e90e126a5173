import { createServer } from 'node:http';
import { makeReport } from '../block.mjs';

const server = createServer((request, response) => {
  response.end(request.url === '/report' ? makeReport(300) : `served by ${process.pid}\n`);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
