// A real Alertmanager that tells nobody: what it received is asked of it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPort } from '../../packages/demo-app/src/port.ts';
import { alertmanagerProgram, findProgram } from './programs.ts';
import { ServerProcess } from './server-process.ts';

const host = '127.0.0.1';

export interface ReceivedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: 'active' | 'suppressed' | 'unprocessed' };
}

export class AlertmanagerServer implements AsyncDisposable {
  readonly url: string;
  readonly #process: ServerProcess;

  private constructor(url: string, process: ServerProcess) {
    this.url = url;
    this.#process = process;
  }

  /** Throws where Alertmanager is not installed. */
  static async start(folder: string, port = 0): Promise<AlertmanagerServer> {
    const program = findProgram(alertmanagerProgram);
    if (program === undefined) {
      throw new Error(`Alertmanager is not installed: ${alertmanagerProgram.install}`);
    }
    const address = `${host}:${await findPort(host, port)}`;
    writeFileSync(
      join(folder, 'alertmanager.yaml'),
      JSON.stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }),
    );
    const process = new ServerProcess(program, [
      `--config.file=${folder}/alertmanager.yaml`,
      `--storage.path=${folder}/alertmanager`,
      `--web.listen-address=${address}`,
      // No peers: without this it looks for a private address of the machine, and may find none.
      '--cluster.listen-address=',
      '--log.level=warn',
    ]);
    const url = `http://${address}`;
    await process.ready(`${url}/-/ready`);
    return new AlertmanagerServer(url, process);
  }

  async alerts(): Promise<readonly ReceivedAlert[]> {
    const response = await fetch(`${this.url}/api/v2/alerts`);
    return (await response.json()) as readonly ReceivedAlert[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
  }
}
