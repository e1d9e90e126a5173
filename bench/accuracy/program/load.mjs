// Clients of the blocking program: each asks again a while after it was answered, so that what a block
// has held up is never more than one request of each.
//
//   node load.mjs <url> <clients> <pause in ms>
import { Agent, get } from 'node:http';

const [, , url, clients, pauseMs] = process.argv;
const agent = new Agent({ keepAlive: true });
let answered = 0;

function ask() {
  const request = get(url, { agent }, (response) => {
    response.resume();
    response.once('end', () => {
      answered += 1;
      setTimeout(ask, Number(pauseMs));
    });
  });
  request.once('error', () => process.exit(1));
}

for (let client = 0; client < Number(clients); client += 1) {
  setTimeout(ask, (client * Number(pauseMs)) / Number(clients));
}
process.on('SIGTERM', () => {
  console.log(JSON.stringify({ answered }));
  process.exit();
});
