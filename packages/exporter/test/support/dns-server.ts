// A real name server over UDP, which answers from a table, stays silent, or says that there is no such
// name. It records what it was asked.
import { createSocket } from 'node:dgram';

/** `silent` never answers; a string is another name (CNAME); addresses are IPv4 or IPv6. */
export type Zone = Readonly<
  Record<string, 'silent' | 'fails' | { readonly alias: string } | readonly string[]>
>;

export interface DnsServer {
  readonly address: string;
  /** As `name type`, in their order. */
  readonly questions: readonly string[];
  close(): Promise<void>;
}

const types: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA' };
const noSuchName = 3;
const serverFailure = 2;

export async function openDnsServer(zone: Zone, silentTypes: readonly string[] = []): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    questions.push(`${name} ${types[type] ?? type}`);
    const entry = zone[name];
    if (entry === 'silent' || silentTypes.includes(types[type] ?? '')) {
      return;
    }
    const code = entry === undefined ? noSuchName : entry === 'fails' ? serverFailure : 0;
    const records = code === 0 ? answersFor(zone, name, type) : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answersFor(zone: Zone, name: string, type: number): readonly Buffer[] {
  const records: Buffer[] = [];
  let current = name;
  // An alias may lead round in a circle; a server doesn't follow it for ever.
  for (let hop = 0; hop < 8; hop++) {
    const entry = zone[current];
    if (entry === undefined || typeof entry === 'string') {
      break;
    }
    if ('alias' in entry) {
      records.push(record(current, 5, encodeName(entry.alias)));
      current = entry.alias;
      continue;
    }
    const wanted = entry.filter((address) => address.includes(':') === (type === 28));
    records.push(...wanted.map((address) => record(current, type, encodeAddress(address))));
    break;
  }
  return records;
}

function record(name: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(60, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), fixed, data]);
}

function encodeName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

// IPv6 addresses of the tests are written in full.
function encodeAddress(address: string): Buffer {
  if (!address.includes(':')) {
    return Buffer.from(address.split('.').map(Number));
  }
  return Buffer.from(
    address
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
    'hex',
  );
}
