// Nothing is lost: a reload in the middle of an answer, a server that dies and comes back, a line that is cut.
import { LLMock } from '@copilotkit/aimock';
import { expect, test } from '@playwright/test';
import { agent, Atthene, Site, snippet } from './servers.ts';
import { Widget } from './widget.ts';

const WORDS = Array.from({ length: 60 }, (_, index) => `word${index + 1}`);
const ANSWER = WORDS.join(' ');

let model: LLMock;
let server: Atthene;
let site: Site;

test.beforeAll(async () => {
  model = new LLMock({ port: 0 });
  // About four seconds for the whole answer.
  model.onMessage(/slowly/, { content: ANSWER }, { chunkSize: 7, latency: 60 });
  model.onMessage(/quick/, { content: 'A **quick** answer.' });
  await model.start();
  const settings = `[providers.mock]\nkind = "openai"\nbase_url = "${model.url}/v1/"\napi_key = "mock"\n`;
  server = await Atthene.start(settings);
  site = await Site.start();
  await server.apply(agent('shop', site.origin, 'mock/gpt-test'), site.origin);
});

test.afterAll(async () => {
  await Promise.all([server.stop(), site.stop(), model.stop()]);
});

test('an answer streams into the panel as Markdown', async ({ page }) => {
  await page.goto(site.page('/stream', snippet(server, { agentKey: 'shop' })));
  const widget = new Widget(page);
  await widget.open();
  await widget.send('quick please');
  await expect(widget.panel.locator('strong', { hasText: 'quick' })).toBeVisible();
  await expect(widget.panel).not.toContainText('**');
});

test('a reload in the middle of an answer loses nothing', async ({ page }) => {
  await page.goto(site.page('/reload', snippet(server, { agentKey: 'shop', autoOpen: true })));
  const widget = new Widget(page);
  await widget.field.waitFor();
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word5 ');
  await page.reload();
  await expect(widget.panel).toContainText('slowly please');
  await expect(widget.panel).toContainText(ANSWER, { timeout: 15_000 });
  const text = (await widget.panel.getByLabel('Messages').innerText()).replace(/\s+/g, ' ');
  expect(text.split('word30 ').length, 'once').toBe(2);
});

test('the stop button keeps what was said, and one can go on writing', async ({ page }) => {
  await page.goto(site.page('/stop', snippet(server, { agentKey: 'shop', autoOpen: true })));
  const widget = new Widget(page);
  await widget.field.waitFor();
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word3 ');
  await widget.button('Stop answering').click();
  await expect(widget.panel).toContainText('Stopped');
  await expect(widget.panel).not.toContainText('word59');
  await widget.send('quick please');
  await expect(widget.panel).toContainText('A quick answer.');
});

test('a server killed in the middle: the widget reconnects, the answer is marked, retry works', async ({ page }) => {
  await page.goto(site.page('/kill', snippet(server, { agentKey: 'shop', autoOpen: true })));
  const widget = new Widget(page);
  await widget.field.waitFor();
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word12 ');
  await page.waitForTimeout(1_000);
  await server.kill();
  await page.waitForTimeout(500);
  await server.run();
  await expect(widget.panel).toContainText('The answer was cut off.', { timeout: 20_000 });
  await expect(widget.panel).toContainText('word12');
  await widget.button('Try again').click();
  await expect(widget.panel).toContainText(ANSWER, { timeout: 15_000 });
});

test('with the server gone the launcher stays and the panel says so; what is written goes once it is back', async ({ page }) => {
  await page.goto(site.page('/gone', snippet(server, { agentKey: 'shop', preload: 'idle' })));
  const widget = new Widget(page);
  await widget.opener.hover();
  await page.waitForTimeout(1_500);
  await server.kill();
  await widget.open();
  await expect(widget.panel).toContainText('cannot be reached');
  await widget.send('quick please');
  await expect(widget.panel).toContainText('Waiting to be sent');
  await server.run();
  await expect(widget.panel).toContainText('A quick answer.', { timeout: 30_000 });
  await expect(widget.panel.getByText('quick please')).toHaveCount(1);
});

for (const [name, chaos] of Object.entries({
  'a rate limit': { rateLimitRate: 1 },
  'a server error': { dropRate: 1 },
  'a cut stream': { disconnectRate: 1 },
  'malformed JSON': { malformedRate: 1 },
})) {
  test(`a vendor's fault ends in one kind sentence: ${name}`, async ({ page }) => {
    test.setTimeout(90_000);
    await page.goto(site.page('/fault', snippet(server, { agentKey: 'shop', autoOpen: true, persistence: 'none' })));
    const widget = new Widget(page);
    await widget.field.waitFor();
    model.setChaos(chaos);
    try {
      await widget.send('quick please');
      await expect(widget.button('Try again')).toBeVisible({ timeout: 40_000 });
    } finally {
      model.clearChaos();
    }
    await expect(widget.panel).toContainText(/Please try again/);
    await expect(widget.panel).not.toContainText(/aimock|chaos|rate_limit|JSON/i);
    await widget.button('Try again').click();
    await expect(widget.panel).toContainText('A quick answer.', { timeout: 15_000 });
  });
}
