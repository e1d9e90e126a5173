// Takes OTLP logs and spans in protobuf, decodes them by the classes generated from opentelemetry-proto, and
// prints each record and span as a line of JSON: { logRecord } or { span }, with its resource.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const generated = createRequire(import.meta.resolve('@opentelemetry/otlp-transformer'));
const { logs, trace } = generated('./generated/root.js').opentelemetry.proto.collector;

const requests = {
  '/v1/logs': {
    type: logs.v1.ExportLogsServiceRequest,
    lines: ({ resourceLogs }) =>
      resourceLogs.flatMap(({ resource, scopeLogs }) =>
        scopeLogs.flatMap(({ logRecords }) => logRecords.map((logRecord) => ({ resource, logRecord }))),
      ),
  },
  '/v1/traces': {
    type: trace.v1.ExportTraceServiceRequest,
    lines: ({ resourceSpans }) =>
      resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ resource, span }))),
      ),
  },
};

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const known = requests[request.url];
  if (known === undefined || request.headers['content-type'] !== 'application/x-protobuf') {
    response.writeHead(415).end();
    return;
  }
  try {
    const message = known.type.decode(Buffer.concat(chunks));
    const fault = known.type.verify(message);
    if (fault !== null) {
      throw new Error(fault);
    }
    const object = known.type.toObject(message, { longs: String, enums: String, bytes: String });
    for (const line of known.lines(object)) {
      console.log(JSON.stringify(line));
    }
    response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
  } catch (error) {
    console.log(JSON.stringify({ fault: `${request.url}: ${error.message}` }));
    response.writeHead(400).end();
  }
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
process.stdin.on('end', () => server.close()).resume();
