// The console in two parts: what a first visit loads, the pages whose code comes when one of them is opened, and what is
// said where it does not come.
import { expect, test, type Page } from '@playwright/test';
import { logIn, setUp } from './console.ts';
import { agent, Atthene } from './servers.ts';
import { consoleOf } from './widget.ts';

const SHOP = 'https://shop.example';
const LATE = '**/assets/late-*.wasm';

let server: Atthene;

test.beforeAll(async () => {
  server = await Atthene.start();
  await setUp(server);
  await server.apply(agent('shop', SHOP), SHOP);
});

test.afterAll(() => server.stop());

/** What the page loads of its own files, by their names. */
function filesOf(page: Page): string[] {
  const files: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/assets/')) files.push(pathname);
  });
  return files;
}

const late = (files: string[]) => files.filter((file) => file.startsWith('/assets/late-'));

test('the list of agents and the log-in do without the late part', async ({ page, context }) => {
  const files = filesOf(page);
  await page.goto(`${server.consoleUrl}/agents`);
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await logIn(context, server);
  await page.reload();
  await expect(page.getByRole('table')).toContainText('shop');
  expect(late(files)).toEqual([]);
});

test('the late part comes with the first link that leads to it, once', async ({ page, context }) => {
  const [files, lines] = [filesOf(page), consoleOf(page)];
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/agents`);
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Support Assistant' })).toBeVisible();
  await page.getByRole('link', { name: 'Traces' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Traces' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Support Assistant' })).toBeVisible();
  expect(late(files)).toHaveLength(1);
  expect(lines).toEqual([]);
});

test('a page of the late part is opened by its address, in either language', async ({ page, context }) => {
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/settings/users`);
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.evaluate(() => localStorage.setItem('atthene.console.language', 'de'));
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
});

test('a late part that does not come is told of, and comes by the button', async ({ page, context }) => {
  await logIn(context, server);
  await page.route(LATE, (route) => route.abort());
  await page.goto(`${server.consoleUrl}/usage`);
  await expect(page.getByRole('alert')).toContainText('The server does not answer.');
  await page.unroute(LATE);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeVisible();
});

test('a late part that is not the one of the build is refused', async ({ page, context }) => {
  await logIn(context, server);
  await page.route(LATE, async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    await route.fulfill({ response: answer, body: Buffer.concat([body, Buffer.from([0, 1, 0])]) });
  });
  const complaint = page.waitForEvent('console', (line) => /integrity/.test(line.text()));
  await page.goto(`${server.consoleUrl}/usage`);
  await complaint;
  await expect(page.getByRole('alert')).toBeVisible();
});
