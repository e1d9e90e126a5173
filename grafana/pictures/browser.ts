// Takes a picture of a page with a Chromium that has nothing to do with anybody's profile.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

export function findBrowser(): string | undefined {
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

export function takePicture(
  browser: string,
  page: string,
  file: string,
  width: number,
  height: number,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'loopscope-picture-'));
  try {
    const html = join(folder, 'page.html');
    writeFileSync(html, page);
    const { status, stderr } = spawnSync(
      browser,
      [
        '--headless',
        // The page is our own and fetches nothing; in containers there is no user namespace for a sandbox.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--hide-scrollbars',
        // Small enough for a page, large enough to read.
        '--force-device-scale-factor=0.75',
        `--user-data-dir=${join(folder, 'profile')}`,
        `--window-size=${width},${height}`,
        '--virtual-time-budget=3000',
        `--screenshot=${file}`,
        pathToFileURL(html).href,
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    if (status !== 0) {
      throw new Error(`${browser} took no picture: ${stderr}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
