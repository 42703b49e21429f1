// The page to try the API on the console's origin: a key, a GET, a run whole and live, curl; nothing is kept, nobody
// else is asked, no rule of WCAG is broken.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LLMock } from '@copilotkit/aimock';
import { expect, test, type Page } from '@playwright/test';
import { agent, Atthene } from './servers.ts';
import { consoleOf } from './widget.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOP = 'https://shop.example';

let model: LLMock;
let server: Atthene;
let key: string;

test.beforeAll(async () => {
  model = new LLMock({ port: 0 });
  const words = Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ');
  model.onMessage(/./, { content: words }, { chunkSize: 7, latency: 60 });
  await model.start();
  server = await Atthene.start(`[providers.mock]\nkind = "openai"\nbase_url = "${model.url}/v1/"\napi_key = "mock"\n`);
  await server.apply(agent('shop', SHOP), SHOP);
  await server.apply(agent('slow', SHOP, 'mock/gpt-test'), SHOP);
  key = await server.key('chat', 'agents:read');
});

test.afterAll(() => Promise.all([server.stop(), model.stop()]));

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await (window as any).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return found.violations.map((violation: any) => `${violation.id}: ${violation.nodes[0].html}`);
  });
}

/** The page with the key in its field. */
async function withKey(page: Page): Promise<void> {
  await page.goto(server.consoleUrl + '/try');
  await page.getByRole('textbox', { name: 'API key' }).fill(key);
  await expect(page.getByText('This key is good for 2 agents.')).toBeVisible();
}

const operation = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name });
const answer = (page: Page) => page.getByRole('region', { name: 'Answer', exact: true });
const body = (page: Page) => page.getByLabel('Body of the answer');
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true });

/** Starts a session by the page; its id. */
async function startSession(page: Page, agentKey = 'shop'): Promise<string> {
  await page.locator('nav a[href="#start_session"]').click();
  await expect(page.getByLabel('Body', { exact: true })).toHaveValue(/"agent_key": "shop"/);
  if (agentKey !== 'shop') await page.getByLabel('Body', { exact: true }).fill(`{"agent_key": "${agentKey}"}`);
  await send(page).click();
  await expect(answer(page)).toContainText('201');
  return JSON.parse((await body(page).textContent())!).session_id;
}

test('a key, a list, a session and a run, each filled in from what is known', async ({ page }) => {
  const lines = consoleOf(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await withKey(page);

  await operation(page, 'List agents').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('List agents');
  await send(page).click();
  await expect(answer(page)).toContainText('200 OK');
  await expect(body(page)).toContainText('"agent_key": "shop"');
  await answer(page).getByText('Headers').click();
  await expect(answer(page)).toContainText('ratelimit-remaining');

  const session = await startSession(page);
  await operation(page, 'Run one message').click();
  await expect(page.getByLabel('session_id')).toHaveValue(session);
  await send(page).click();
  await expect(answer(page)).toContainText('200 OK');
  const run = JSON.parse((await body(page).textContent())!);
  expect([run.type, run.status, run.session_id]).toEqual(['execution_result', 'completed', session]);

  expect(asked.filter((url) => !url.startsWith(server.consoleUrl))).toEqual([]);
  expect(asked.filter((url) => url.includes(key))).toEqual([]);
  expect(lines).toEqual([]);
});

test('live events show while they arrive, and reading can be stopped', async ({ page }) => {
  await withKey(page);
  await startSession(page, 'slow');
  await operation(page, 'Run one message').click();
  await page.getByLabel('As live events').check();
  await send(page).click();
  await expect(body(page)).toContainText('TEXT_MESSAGE_CONTENT');
  await expect(answer(page)).toContainText('The answer is coming in.');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(answer(page)).toContainText('You stopped reading.');
  await expect(body(page)).not.toContainText('RUN_FINISHED');
  await expect(send(page)).toBeVisible();
});

test('the curl command is what was sent, and holds no key', async ({ page }) => {
  await withKey(page);
  await operation(page, 'Begin a chat').click();
  await page.getByLabel('Body', { exact: true }).fill(`{"from_type": "flow", "from_flow": "shop", "name": "It's an order"}`);
  const command = (await page.getByRole('region', { name: 'The same with curl' }).locator('pre').textContent())!;
  expect(command).not.toContain(key);
  expect(command).toContain(server.url);
  const run = spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, ATTHENE_KEY: key } });
  expect(JSON.parse(run.stdout).name).toBe("It's an order");
});

test('the key is kept nowhere and is gone after a reload', async ({ page, context }) => {
  await withKey(page);
  await operation(page, 'List agents').click();
  await send(page).click();
  await expect(answer(page)).toContainText('200');
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
  expect(kept).toEqual([0, 0, 0]);
  expect(await context.cookies()).toEqual([]);
  expect(page.url()).not.toContain('atk_');
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'API key' })).toHaveValue('');
});

test('what is wrong is said where it is wrong', async ({ page }) => {
  await page.goto(server.consoleUrl + '/try#execute');
  await send(page).click();
  await expect(page.getByRole('alert')).toHaveText('Put in your API key first.');
  await expect(page.getByRole('textbox', { name: 'API key' })).toBeFocused();
  await page.getByRole('textbox', { name: 'API key' }).fill('sk-something');
  await page.keyboard.press('Tab');
  await expect(page.getByText('A key begins with atk_')).toBeVisible();
  await page.getByRole('textbox', { name: 'API key' }).fill(key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A'));
  await expect(page.locator('#key-said')).toHaveAttribute('data-tone', 'bad');
  await page.getByRole('textbox', { name: 'API key' }).fill(key);
  await send(page).click();
  await expect(page.getByRole('alert')).toHaveText('Fill in what is needed.');
  await expect(page.getByLabel('session_id')).toBeFocused();
});

test('the keyboard alone is enough', async ({ page }) => {
  await withKey(page);
  await page.getByLabel('Find an operation').focus();
  await page.keyboard.type('models');
  await expect(page.getByRole('navigation').getByRole('link')).toHaveCount(2);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(send(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(body(page)).toContainText('"object": "list"');
});

test('hostile texts of an answer stay text, whatever they hold', async ({ page }) => {
  const lines = consoleOf(page);
  await withKey(page);
  await operation(page, 'Begin a chat').click();
  const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>';
  await page.getByLabel('Body', { exact: true }).fill(JSON.stringify({ from_type: 'flow', from_flow: 'shop', name: hostile }));
  await send(page).click();
  await expect(body(page)).toContainText('<img src=x onerror=alert(1)>');
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(lines).toEqual([]);
});

test('no other page can put it into a frame', async ({ page }) => {
  await page.goto(server.url + '/healthz');
  const loaded = await page.evaluate(async (url) => {
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(frame);
    await new Promise((done) => frame.addEventListener('load', done));
    return frame.contentDocument === null;
  }, server.consoleUrl + '/try');
  // An origin of an error page: nothing of ours is in it.
  expect(loaded).toBe(true);
  const inside = page.frames().find((frame) => frame !== page.mainFrame())!;
  expect(inside.url()).toContain('chrome-error');
});

for (const [name, options] of Object.entries({
  desktop: { viewport: { width: 1440, height: 900 } },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' as const },
  phone: { viewport: { width: 390, height: 844 } },
})) {
  test.describe(name, () => {
    test.use(options);
    test('no rule of WCAG is broken and nothing is wider than the screen', async ({ page }) => {
      await withKey(page);
      expect(await violations(page), 'start').toEqual([]);
      if (name === 'phone') {
        await page.getByRole('button', { name: 'Operations' }).click();
        expect(await violations(page), 'menu').toEqual([]);
      }
      await page.locator('nav a[href="#start_session"]').click();
      await send(page).click();
      await expect(answer(page)).toContainText('201');
      await page.getByText('Fields of the body').click();
      for (const pill of await page.getByRole('region', { name: 'What it answers' }).locator('summary').all()) await pill.click();
      expect(await violations(page), 'answered').toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    });
  });
}
