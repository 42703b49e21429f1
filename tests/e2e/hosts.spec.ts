// Living on other people's pages: a strict policy, hostile styles, a phone, the dark, a screen reader's rules.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import { agent, Atthene, Site, snippet } from './servers.ts';
import { Widget } from './widget.ts';

let server: Atthene;
let site: Site;

test.beforeAll(async () => {
  server = await Atthene.start();
  site = await Site.start();
  await server.apply(agent('shop', site.origin), site.origin);
});

test.afterAll(async () => {
  await Promise.all([server.stop(), site.stop()]);
});

test('the strict policy with Trusted Types is kept without a report', async ({ page }) => {
  const socket = server.url.replace('http', 'ws');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-abc' ${server.url} 'wasm-unsafe-eval'`,
    `connect-src ${server.url} ${socket}`,
    `img-src ${server.url}`,
    "require-trusted-types-for 'script'",
    'report-uri /report',
  ].join('; ');
  const body = snippet(server, { agentKey: 'shop' }).replaceAll('<script', '<script nonce="abc"');
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|Refused/.test(message.text())) violations.push(message.text());
  });
  await page.goto(site.page('/strict', body, '', { 'content-security-policy': policy }));
  const widget = new Widget(page);
  await widget.open();
  await widget.send('Tell me **something**');
  await expect(widget.panel).toContainText('Delivered');
  await expect(widget.button('Send message')).toBeVisible();
  expect(violations).toEqual([]);
  expect(site.reports).toEqual([]);
});

test('hostile styles of the page do not change it', async ({ page }) => {
  const measure = async (path: string, head: string) => {
    await page.goto(site.page(path, snippet(server, { agentKey: 'shop' }), head));
    const widget = new Widget(page);
    await widget.open();
    await page.waitForTimeout(400);
    const panel = await widget.panel.boundingBox();
    const style = await widget.field.evaluate((field) => {
      const { color, fontSize, fontFamily, backgroundColor } = getComputedStyle(field);
      return { color, fontSize, fontFamily, backgroundColor };
    });
    return { panel, style };
  };
  const plain = await measure('/plain', '');
  const hostile = await measure(
    '/hostile',
    `<style>* { all: unset !important; font: 40px serif !important; color: red !important }
     div, button, textarea { display: none !important } :root { --surface: red !important; --ink: red !important; --accent: red !important }</style>`,
  );
  expect(hostile).toEqual(plain);
  expect(plain.style.fontSize).toBe('16px');
});

test('the closed widget covers no click of the page', async ({ page }) => {
  const cover = '<button style="position:fixed;inset:0;width:100vw;height:100vh" onclick="window.hits=(window.hits||0)+1">page</button>';
  await page.goto(site.page('/clicks', cover + snippet(server, { agentKey: 'shop' })));
  const opener = new Widget(page).opener;
  const box = (await opener.boundingBox())!;
  await page.mouse.click(box.x - 10, box.y - 10);
  await page.mouse.click(200, 200);
  expect(await page.evaluate(() => (window as any).hits)).toBe(2);
});

test('hotkeys of the page do not fire while one types', async ({ page }) => {
  const hotkeys = '<script>document.addEventListener("keydown", () => { window.keys = (window.keys || 0) + 1; });</script>';
  await page.goto(site.page('/hotkeys', hotkeys + snippet(server, { agentKey: 'shop' })));
  const widget = new Widget(page);
  await widget.open();
  await widget.field.pressSequentially('hello');
  expect(await page.evaluate(() => (window as any).keys)).toBeUndefined();
});

test('on a phone the panel is the whole screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(site.page('/phone', snippet(server, { agentKey: 'shop' }), '<meta name="viewport" content="width=device-width">'));
  const widget = new Widget(page);
  await widget.open();
  await page.waitForTimeout(400);
  expect(await widget.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await (window as any).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
    return found.violations.map((violation: any) => `${violation.id}: ${violation.nodes[0].html}`);
  });
}

for (const [name, options] of Object.entries({
  light: { theme: 'light' },
  dark: { theme: 'dark' },
  'right to left': { theme: 'light', locale: 'ar' },
})) {
  test(`no rule of WCAG is broken: ${name}`, async ({ page }) => {
    const body = `<main><h1>Shop</h1></main>${snippet(server, { agentKey: 'shop', ...options })}`;
    await page.goto(site.page('/axe', body));
    await page.locator('atthene-chat').first().waitFor({ state: 'attached' });
    expect(await violations(page), 'closed').toEqual([]);
    await page.evaluate(() => (window as any).AttheneChat.open());
    const widget = new Widget(page);
    await widget.field.waitFor();
    await widget.send('What can you do?');
    await expect(widget.button('Send message')).toBeVisible();
    await page.waitForTimeout(500);
    expect(await violations(page), 'open').toEqual([]);
  });
}
