// `npm run docs:pictures`: the look of each dashboard for README and docs. No Grafana is needed: a real
// Prometheus scrapes three demos under faults, and a browser draws its answers with Grafana's chart
// library. Needs prometheus and chromium; for the project's developers only.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { faults } from '../../packages/demo-app/src/faults/index.ts';
import { Load, type Service, startService } from '../../packages/demo-app/src/runner/service.ts';
import { driveFault } from '../stack/drive-faults.ts';
import { PrometheusServer } from '../stack/prometheus-server.ts';
import { askPanels, type PictureAnswers } from './answers.ts';
import { findBrowser, takePicture } from './browser.ts';
import { pageHeight, pageWidth, picturePage } from './page.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    /** Keeps the answers there, and draws those that are there already. */
    answers: { type: 'string' },
  },
});
const root = resolve(import.meta.dirname, '../..');
const uids = ['loopscope-fleet', 'loopscope-stalls', 'loopscope-instance', 'loopscope-agent'] as const;
const mostBytes = 200_000;

const read = (uid: string): sdk.Dashboard =>
  JSON.parse(readFileSync(join(root, `grafana/generated/dashboards/${uid}.json`), 'utf8')) as sdk.Dashboard;

const browser = findBrowser();
if (browser === undefined) {
  console.error('chromium is not installed: apt-get install chromium');
  process.exitCode = 1;
} else {
  draw(browser, await answersOf(Number(values.seconds), values.answers));
}

type AllAnswers = Readonly<Record<string, PictureAnswers>>;

async function answersOf(seconds: number, file: string | undefined): Promise<AllAnswers> {
  if (file !== undefined && existsSync(file)) {
    return JSON.parse(readFileSync(file, 'utf8')) as AllAnswers;
  }
  const answers = await record(seconds);
  if (file !== undefined) {
    writeFileSync(file, JSON.stringify(answers));
  }
  return answers;
}

/** Three instances of two versions, of which the newer one suffers. */
async function record(seconds: number): Promise<AllAnswers> {
  const folder = mkdtempSync(join(tmpdir(), 'loopscope-pictures-'));
  const end = new AbortController();
  const services: Service[] = [];
  try {
    process.env['LOOPSCOPE_TASKS'] = 'counts';
    process.env['OTEL_SERVICE_NAME'] = 'orders';
    for (const version of ['1.4.0', '1.4.0', '1.5.0']) {
      process.env['OTEL_RESOURCE_ATTRIBUTES'] = `service.version=${version}`;
      services.push(await startService({ once: true, onLine: () => {} }, end.signal));
    }
    const addresses = services.map(({ agentUrl }) => new URL(agentUrl).host);
    await using prometheus = await PrometheusServer.start({ folder, targets: { orders: addresses } });
    const loads = services.map(({ url }) => new Load(url, 600, () => {}));
    const from = Math.floor(Date.now() / 1000) + 5;
    await Promise.race([driveAll(services, end.signal), delay((seconds + 5) * 1000)]);
    end.abort();
    const period = { from, to: from + seconds, step: 2, rateIntervalSeconds: 8 };
    const answers: Record<string, PictureAnswers> = {};
    for (const uid of uids) {
      const instance = uid === 'loopscope-instance' ? { instance: addresses.at(-1) ?? '' } : {};
      answers[uid] = await askPanels(prometheus, read(uid), { ...period, ...instance });
    }
    await Promise.all(loads.map((load) => load.stop()));
    return answers;
  } finally {
    end.abort();
    await Promise.all(services.map(({ child }) => child.stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function driveAll(services: readonly Service[], signal: AbortSignal): Promise<void> {
  const [calm, middling, worst] = services.map(({ url }) => url);
  const round = async (url: string, seconds: number, ms: number, pauseMs: number): Promise<void> => {
    for (;;) {
      for (const fault of faults) {
        await driveFault(url, { fault, seconds, ms, pauseMs }, signal);
      }
    }
  };
  await Promise.all([
    round(calm ?? '', 8, 110, 5_000),
    round(middling ?? '', 6, 150, 3_000),
    round(worst ?? '', 9, 350, 1_200),
  ]).catch((error: unknown) => {
    if (!signal.aborted) {
      throw error;
    }
  });
}

function draw(program: string, answers: AllAnswers): void {
  mkdirSync(join(root, 'docs/images'), { recursive: true });
  for (const uid of uids) {
    const dashboard = read(uid);
    const answer = answers[uid];
    if (answer === undefined) {
      throw new Error(`there is no answer for ${uid}`);
    }
    const file = join(root, `docs/images/${uid.replace('loopscope-', 'dashboard-')}.png`);
    takePicture(program, picturePage(dashboard, answer), file, pageWidth, pageHeight(dashboard));
    const { size } = statSync(file);
    console.log(`wrote ${file.slice(root.length + 1)}, ${(size / 1000).toFixed(0)} kB`);
    if (size > mostBytes) {
      console.error(`${file} is larger than ${mostBytes / 1000} kB`);
      process.exitCode = 1;
    }
  }
}
