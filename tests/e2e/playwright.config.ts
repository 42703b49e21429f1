// How the browser tests run: the machine's own Chromium, one worker, no second try. Which servers they need, the tests
// start themselves on free ports.
//
// CHROMIUM: the browser's binary. ATTHENE_BIN: the server's binary. Both come from `cargo xtask test`.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const candidates = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].filter((path): path is string => !!path);
const chromium = candidates.find((path) => existsSync(path));
if (!chromium) throw new Error('No Chromium: set CHROMIUM to its binary, or run `cargo xtask test --only browser`.');

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../target/e2e',
  // A test that passes at the second try has found a race: that is a failure.
  retries: 0,
  forbidOnly: true,
  // The tests share two cores with their servers; more workers would only make each other wait.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    colorScheme: 'light',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        // Chromium's sandbox refuses to work for root, which is who CI containers run as.
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
