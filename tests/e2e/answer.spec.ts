// What an answer shows besides its words: the step before it, where it comes from, and a wide table.
import { LLMock } from '@copilotkit/aimock';
import { expect, test } from '@playwright/test';
import { agent, Atthene, Site, snippet } from './servers.ts';
import { Widget } from './widget.ts';

const TABLE = '| Manufacturer | Recommendation | Availability | Dimensions | Delivery |\n|---|---|---|---|---|\n| Fjell | 890 | three | fourteen | tomorrow |';

let model: LLMock;
let server: Atthene;
let site: Site;

test.beforeAll(async () => {
  model = new LLMock({ port: 0 });
  model.onMessage(/table/, { content: TABLE });
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  model.onMessage(/slowly/, { content: words }, { chunkSize: 7, latency: 60 });
  model.onMessage(/guide/, { content: 'Both say so. [The guide](https://shop.example/guide "source") [Terms](# "source")' });
  model.onMessage(/code/, { content: '```js\nlet a = 1;\n```' });
  await model.start();
  server = await Atthene.start(`[providers.mock]\nkind = "openai"\nbase_url = "${model.url}/v1/"\napi_key = "mock"\n`);
  site = await Site.start();
  const mocked = agent('shop', site.origin, 'mock/gpt-test');
  Object.assign(mocked.system_config as object, { knowledge_bases: [{ name: 'terms' }] });
  await server.apply(mocked, site.origin);
});

test.afterAll(async () => {
  await Promise.all([server.stop(), site.stop(), model.stop()]);
});

for (const [locale, done] of [['en', 'Searched the documentation'], ['de', 'Dokumentation durchsucht']]) {
  test(`the search is one line before the answer, in the page's language: ${locale}`, async ({ page }) => {
    await page.goto(site.page('/step', snippet(server, { agentKey: 'shop', autoOpen: true, locale })));
    const widget = new Widget(page);
    await widget.field.waitFor();
    await widget.send('the guide please');
    const line = widget.panel.locator('.turn', { hasText: 'Both say so.' }).locator('.step.done');
    await expect(line).toHaveText(done);
  });
}

test('sources are numbered chips, links only where they lead somewhere', async ({ page }) => {
  await page.goto(site.page('/sources', snippet(server, { agentKey: 'shop', autoOpen: true })));
  const widget = new Widget(page);
  await widget.field.waitFor();
  await widget.send('the guide please');
  const chips = widget.panel.locator('.source');
  await expect(chips).toHaveText(['The guide', 'Terms']);
  await expect(widget.panel.getByRole('link')).toHaveCount(1);
  await expect(widget.panel.getByRole('link', { name: 'The guide' })).toHaveAttribute('href', 'https://shop.example/guide');
  await expect(chips.last()).not.toHaveAttribute('title');
});

test('trying again leaves the focus with the messages', async ({ page }) => {
  await page.goto(site.page('/again', snippet(server, { agentKey: 'shop', autoOpen: true })));
  const widget = new Widget(page);
  await widget.field.waitFor();
  await widget.send('slowly please');
  await expect(widget.panel).toContainText('word3');
  await widget.button('Stop answering').click();
  await expect(widget.button('Send message')).toBeFocused();
  await widget.button('Try again').focus();
  await page.keyboard.press('Enter');
  await expect(widget.button('Stop answering')).toBeVisible();
  await expect(widget.button('Try again')).toHaveCount(0);
  await expect(widget.panel.getByLabel('Messages')).toBeFocused();
});

test('a block of code is copied, and its button says so until the focus goes elsewhere', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(site.page('/code', snippet(server, { agentKey: 'shop', autoOpen: true })));
  const widget = new Widget(page);
  await widget.field.waitFor();
  await widget.send('some code please');
  await widget.button('Copy').click();
  await expect(widget.button('Copied')).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('let a = 1;');
  await widget.field.focus();
  await expect(widget.button('Copy')).toBeVisible();
});

test('a wide table scrolls instead of breaking its words', async ({ page }) => {
  await page.goto(site.page('/table', snippet(server, { agentKey: 'shop', autoOpen: true })));
  const widget = new Widget(page);
  await widget.field.waitFor();
  await widget.send('a table please');
  const table = widget.panel.locator('.table');
  await expect(table).toContainText('tomorrow');
  const lines = await table.locator('th', { hasText: 'Availability' }).evaluate((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getClientRects().length;
  });
  expect(lines).toBe(1);
  expect(await table.evaluate((frame) => frame.scrollWidth > frame.clientWidth)).toBe(true);
});

test('the times are those of the visitor, not of the language alone', async ({ page }) => {
  // The browser is British (playwright.config.ts), the page just English.
  await page.goto(site.page('/time', snippet(server, { agentKey: 'shop', autoOpen: true })));
  const widget = new Widget(page);
  await widget.field.waitFor();
  await widget.send('a table please');
  await expect(widget.panel).toContainText(/\d\d:\d\d · Delivered/);
});

for (const [name, theme] of [['light', 'light'], ['dark', 'dark']]) {
  test(`a yellow brand keeps links and focus readable: ${name}`, async ({ page }) => {
    await page.goto(site.page('/yellow', snippet(server, { agentKey: 'shop', autoOpen: true, theme, primaryColor: '#FFD400' })));
    const widget = new Widget(page);
    await widget.field.waitFor();
    await widget.send('the guide please');
    await expect(widget.panel.getByRole('link', { name: 'The guide' })).toBeVisible();
    const contrast = await widget.panel.evaluate((panel) => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d')!;
      const luminance = (color: string) => {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => ((byte / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const frame = getComputedStyle(panel.querySelector('.comp')!).borderTopColor;
      const [light, dark] = [luminance(frame), luminance(getComputedStyle(panel).backgroundColor)].sort((a, b) => b - a);
      return (light! + 0.05) / (dark! + 0.05);
    });
    expect(contrast).toBeGreaterThan(4.5);
  });
}
