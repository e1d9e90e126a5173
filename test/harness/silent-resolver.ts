// A name server that never answers, and a program's view of the system in which it is the only one.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { privateMounts } from './private-mounts.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface SilentResolver extends AsyncDisposable {
  /** Runs a command so that it asks this resolver. */
  readonly within: readonly string[];
  /** How many questions it has left unanswered. */
  readonly questions: () => number;
}

const address = '127.0.0.153';

/** Needs a mount namespace and port 53. */
export async function silentResolver(): Promise<SilentResolver> {
  if (privateMounts === undefined) {
    throw new Error('no mount namespace can be had');
  }
  let questions = 0;
  const socket = createSocket('udp4', () => {
    questions += 1;
  });
  socket.bind(53, address);
  await once(socket, 'listening');
  socket.address() satisfies AddressInfo;
  const configuration = join(temporaryFolder(), 'resolv.conf');
  writeFileSync(configuration, `nameserver ${address}\n`);
  const setUp = `mount --bind ${configuration} "$(readlink -f /etc/resolv.conf)"; exec "$@"`;
  return {
    within: [...privateMounts, 'sh', '-ec', setUp, 'sh'],
    questions: () => questions,
    [Symbol.asyncDispose]: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
