// The line to the server: a socket first, a stream where sockets are blocked, plain requests where streams are held back;
// and what becomes of what is written while there is none.
import { LLMock } from '@copilotkit/aimock';
import { expect, test, type Page, type WebSocket } from '@playwright/test';
import { agent, Atthene, Proxy, Site, snippet } from './servers.ts';
import { consoleOf, Widget } from './widget.ts';

const WORDS = Array.from({ length: 60 }, (_, index) => `word${index + 1}`);
const ANSWER = WORDS.join(' ');

let model: LLMock;
let server: Atthene;
let proxy: Proxy;
let site: Site;

test.beforeAll(async () => {
  model = new LLMock({ port: 0 });
  // About four seconds for the whole answer.
  model.onMessage(/slowly/, { content: ANSWER }, { chunkSize: 7, latency: 60 });
  model.onMessage(/quick/, { content: 'A **quick** answer.' });
  for (const name of ['one', 'two', 'three']) model.onMessage(new RegExp(`number ${name}$`), { content: `Answer to ${name}.` });
  await model.start();
  server = await Atthene.start(`[providers.mock]\nkind = "openai"\nbase_url = "${model.url}/v1/"\napi_key = "mock"\n`);
  proxy = await Proxy.start(server);
  site = await Site.start();
  await server.apply(agent('shop', site.origin, 'mock/gpt-test'), site.origin);
});

test.beforeEach(() => {
  proxy.blocksSockets = false;
  proxy.keepsStreams = false;
  proxy.instead = undefined;
  proxy.seen.length = 0;
});

test.afterAll(async () => {
  await proxy.stop();
  await Promise.all([server.stop(), site.stop(), model.stop()]);
});

/** Opens a page whose chat reaches the server through the proxy. */
async function chat(page: Page, path: string, options: object = {}, headers?: Record<string, string>): Promise<Widget> {
  const code = snippet(server, { agentKey: 'shop', autoOpen: true, apiUrl: proxy.url, ...options });
  await page.goto(site.page(path, code, '', headers));
  const widget = new Widget(page);
  await widget.field.waitFor();
  return widget;
}

/** The visitor's own messages, in the order in which they stand. */
const own = (widget: Widget) => widget.panel.locator('.turn.me .b');

test('a socket carries everything: no stream is asked for, no message posted', async ({ page }) => {
  const sent: string[] = [];
  const opened = page.waitForEvent('websocket');
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(JSON.parse(String(payload)).type)));
  const widget = await chat(page, '/socket');
  expect((await opened).url()).toBe(`${proxy.url.replace('http', 'ws')}/ws/amas?agent_key=shop`);
  await expect.poll(() => sent).toContain('session.start');
  await widget.send('quick please');
  await expect(widget.panel.locator('strong', { hasText: 'quick' })).toBeVisible();
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word3 ');
  await widget.button('Stop answering').click();
  await expect(widget.panel).toContainText('Stopped');
  await widget.button('Try again').click();
  await expect(widget.panel).toContainText(ANSWER, { timeout: 15_000 });
  expect(proxy.count(/GET .*\/events/), 'no stream').toBe(0);
  expect(sent).toEqual(expect.arrayContaining(['message.send', 'run.stop', 'run.retry']));
});

test('no token is ever in an address', async ({ page }) => {
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  const widget = await chat(page, '/addresses');
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
  expect(addresses.filter((url) => /token|resume|Bearer|eyJ/i.test(url))).toEqual([]);
});

test('where sockets are blocked a stream takes their place, and stays', async ({ page }) => {
  proxy.blocksSockets = true;
  const widget = await chat(page, '/blocked');
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word3 ');
  await expect(widget.panel).toContainText(ANSWER, { timeout: 15_000 });
  expect(proxy.count(/^UPGRADE/), 'tried twice').toBe(2);
  expect(proxy.count(/GET .*\/events/)).toBe(1);
  proxy.blocksSockets = false;
  await page.context().setOffline(true);
  await expect(widget.panel).toContainText('You are offline.');
  await page.context().setOffline(false);
  await expect.poll(() => proxy.count(/GET .*\/events/)).toBe(2);
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
  expect(proxy.count(/^UPGRADE/), 'what worked is kept for this page').toBe(2);
});

test('where streams are held back as well, plain requests bring the answer', async ({ page }) => {
  proxy.blocksSockets = true;
  proxy.keepsStreams = true;
  const widget = await chat(page, '/held');
  await widget.send('slowly please');
  await expect(widget.panel).toContainText(ANSWER, { timeout: 30_000 });
  await expect(widget.button('Send message')).toBeVisible({ timeout: 15_000 });
  expect(proxy.count(/GET .*\/messages/)).toBeGreaterThan(1);
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.', { timeout: 15_000 });
  const text = (await widget.panel.getByLabel('Messages').innerText()).replace(/\s+/g, ' ');
  expect(text.split('word30 ').length, 'once').toBe(2);
});

test('what is written offline waits visibly and goes once, in order, when the line is back', async ({ page, context }) => {
  const widget = await chat(page, '/offline', { persistence: 'none' });
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
  // The open socket stays open in such an outage, and takes what nobody gets.
  await context.setOffline(true);
  await expect(widget.panel).toContainText('You are offline.');
  for (const name of ['one', 'two', 'three']) await widget.send(`number ${name}`);
  await expect(widget.panel.locator('.turn[data-status=waiting]')).toHaveCount(3);
  await context.setOffline(false);
  await expect(widget.panel).toContainText('Answer to three.', { timeout: 20_000 });
  await expect(own(widget)).toHaveText(['quick please', 'number one', 'number two', 'number three']);
  const answers = widget.panel.locator('.turn.bot .b', { hasText: 'Answer to' });
  await expect(answers).toHaveText(['Answer to one.', 'Answer to two.', 'Answer to three.']);
});

test('what waits survives a reload, and with persistence "none" nothing is stored at all', async ({ page }) => {
  const code = (options: object) => snippet(server, { agentKey: 'shop', autoOpen: true, apiUrl: proxy.url, ...options });
  const down = () => ({ status: 503, body: '{"error":{"type":"internal_error","code":"down","message":"no"}}' });
  proxy.blocksSockets = true;
  proxy.instead = (request) => (/sessions/.test(request.url!) ? down() : undefined);
  await page.goto(site.page('/keep', code({})));
  const widget = new Widget(page);
  await widget.send('number one');
  await widget.send('number two');
  await expect(widget.panel.locator('.turn[data-status=waiting]')).toHaveCount(2);
  proxy.blocksSockets = false;
  proxy.instead = undefined;
  await page.reload();
  await expect(widget.panel).toContainText('Answer to two.', { timeout: 20_000 });
  await expect(own(widget)).toHaveText(['number one', 'number two']);

  await page.evaluate(() => localStorage.clear());
  await page.goto(site.page('/keep-nothing', code({ persistence: 'none' })));
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  await page.goto(site.page('/keep-here', code({ persistence: 'session' })));
  await widget.field.waitFor();
  await expect.poll(() => page.evaluate(() => [localStorage.length, sessionStorage.length > 0])).toEqual([0, true]);
});

test('two tabs show the same conversation live, and either stops the answer', async ({ page, context }) => {
  const first = await chat(page, '/tabs');
  await first.send('quick please');
  await expect(first.panel).toContainText('A quick answer.');
  const second = await chat(await context.newPage(), '/tabs');
  await expect(second.panel).toContainText('A quick answer.');
  await second.send('slowly please');
  await expect(own(first)).toHaveText(['quick please', 'slowly please']);
  await expect(first.panel).toContainText('word3 ');
  await first.button('Stop answering').click();
  await expect(second.panel).toContainText('Stopped');
  await expect(second.button('Try again')).toBeVisible();
});

test('an answer is stopped after a reload', async ({ page }) => {
  const widget = await chat(page, '/stop-later');
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word3 ');
  await page.reload();
  await widget.button('Stop answering').click();
  await expect(widget.panel).toContainText('Stopped');
});

test('a server that restarts in the middle of an answer is a moment of reconnecting, and the answer goes on at one click', async ({ page }) => {
  test.setTimeout(120_000);
  const widget = await chat(page, '/restart');
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word12 ');
  await page.waitForTimeout(1_000);
  await server.kill();
  const notice = widget.panel.locator('.note');
  await expect(notice).toContainText('Reconnecting…');
  await server.run();
  await expect(widget.panel).toContainText('The answer was cut off.', { timeout: 20_000 });
  await expect(notice).toBeHidden();
  await expect(widget.panel).toContainText('word12');
  await widget.button('Try again').click();
  await expect(widget.panel).toContainText(ANSWER, { timeout: 15_000 });
  const text = (await widget.panel.getByLabel('Messages').innerText()).replace(/\s+/g, ' ');
  expect(text.split('word30 ').length, 'once').toBe(2);
  expect(proxy.count(/GET .*\/events/), 'still a socket').toBe(0);
});

test('too many messages: the pause is counted down and the message sends itself, once', async ({ page }) => {
  proxy.blocksSockets = true;
  let refusals = 1;
  proxy.instead = (request) =>
    request.method === 'POST' && /\/messages$/.test(request.url!) && refusals-- > 0
      ? { status: 429, headers: { 'retry-after': '3' }, body: '{"error":{"type":"rate_limit_error","code":"c","message":"m","retry_after_ms":3000}}' }
      : undefined;
  const widget = await chat(page, '/pause');
  await widget.send('quick please');
  await expect(widget.panel).toContainText(/You can write again in [123] s/);
  await expect(widget.panel).toContainText('Waiting to be sent');
  await expect(widget.panel).toContainText('A quick answer.', { timeout: 15_000 });
  await expect(widget.panel).not.toContainText('You can write again');
  expect(proxy.count(/POST .*\/messages$/)).toBe(2);
  await expect(own(widget)).toHaveCount(1);
});

test('a page that is put away closes its socket and is where it was when it comes back', async ({ page }) => {
  let socket: WebSocket | undefined;
  page.on('websocket', (opened) => (socket = opened));
  const widget = await chat(page, '/away');
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
  const sockets = () => proxy.count(/^UPGRADE/);
  expect(sockets()).toBe(1);
  const closed = socket!.waitForEvent('close');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await closed;
  expect(sockets(), 'none while it is away').toBe(1);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect.poll(sockets).toBe(2);
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word3 ');
  await expect(widget.panel.getByText('A quick answer.')).toHaveCount(1);
});

test('a page in the back/forward cache comes back with its conversation', async ({ page }) => {
  const widget = await chat(page, '/cached');
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
  await page.goto(site.page('/elsewhere', '<p>elsewhere</p>'));
  await page.goBack();
  await expect(widget.panel).toContainText('A quick answer.');
  await widget.send('number one');
  await expect(widget.panel).toContainText('Answer to one.');
});

test('a policy that names the socket is kept without a report; one that forgets it costs the socket alone', async ({ page }) => {
  const policy = (sockets: string) => ({
    'content-security-policy': `default-src 'none'; script-src 'unsafe-inline' ${server.url} ${proxy.url} 'wasm-unsafe-eval'; connect-src ${server.url} ${proxy.url} ${sockets}; img-src ${server.url}; report-uri /report`,
  });
  const lines = consoleOf(page);
  let widget = await chat(page, '/policy', {}, policy(proxy.url.replace('http', 'ws')));
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
  expect(proxy.count(/^UPGRADE/)).toBe(1);
  expect([...lines.filter((line) => /Content Security Policy|violates/.test(line)), ...site.reports]).toEqual([]);

  await page.evaluate(() => localStorage.clear());
  widget = await chat(page, '/policy-without', {}, policy(''));
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
  expect(proxy.count(/GET .*\/events/)).toBe(1);
  site.reports.length = 0;
});
