// A turn that waits for a human: the question in the log, its answers as buttons, free text in the composer.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LLMock } from '@copilotkit/aimock';
import { expect, test, type Page } from '@playwright/test';
import { agent, Atthene, Site, snippet } from './servers.ts';
import { Widget } from './widget.ts';

const QUESTION = 'Which size shall it be?';

let model: LLMock;
let server: Atthene;
let site: Site;

test.beforeAll(async () => {
  model = new LLMock({ port: 0 });
  const call = (choices?: string[]) => ({
    toolCalls: [{ id: 'call_1', name: 'ask_human', arguments: JSON.stringify({ question: QUESTION, choices }) }],
  });
  const after = (request: any) => request.messages.at(-1).role === 'tool';
  model.on({ predicate: after }, (request: any) => ({ content: `You chose: ${request.messages.at(-1).content}.` }));
  model.onMessage(/a shirt/, call(['Small', 'Large']));
  model.onMessage(/a hat/, call());
  await model.start();
  server = await Atthene.start(`[providers.mock]\nkind = "openai"\nbase_url = "${model.url}/v1/"\napi_key = "mock"\n`);
  site = await Site.start();
  const asking = agent('shop', site.origin, 'mock/gpt-test');
  Object.assign(asking.system_config as object, { agent_type: 'react_agent', tools: ['ask_human'] });
  await server.apply(asking, site.origin);
});

test.afterAll(async () => {
  await Promise.all([server.stop(), site.stop(), model.stop()]);
});

async function chat(page: Page, path: string, options: object = {}): Promise<Widget> {
  const body = `<main><h1>Shop</h1></main>${snippet(server, { agentKey: 'shop', autoOpen: true, ...options })}`;
  await page.goto(site.page(path, body));
  const widget = new Widget(page);
  await widget.field.waitFor();
  return widget;
}

const choices = (widget: Widget) => widget.panel.getByRole('group', { name: 'Answers to choose from' }).getByRole('button');

test('a choice is taken by mouse; the form goes and the conversation goes on', async ({ page }) => {
  const widget = await chat(page, '/mouse');
  await page.evaluate(() => {
    (window as any).asked = [];
    (window as any).AttheneChat.on('input-required', (detail: any) => (window as any).asked.push({ ...detail }));
  });
  await widget.send('a shirt please');
  await expect(widget.panel).toContainText(QUESTION);
  await expect(choices(widget)).toHaveText(['Small', 'Large']);
  await expect(widget.field).toHaveAttribute('placeholder', 'Type your answer…');
  const asked = await page.evaluate(() => (window as any).asked);
  expect(asked).toEqual([
    { interruptId: expect.stringMatching(/^int_/), message: QUESTION, choices: ['Small', 'Large'], sessionId: expect.stringMatching(/^sess_/) },
  ]);
  await choices(widget).filter({ hasText: 'Large' }).click();
  await expect(widget.panel).toContainText('You chose: Large.');
  await expect(choices(widget)).toHaveCount(0);
  await expect(widget.panel.locator('.turn.me .b')).toHaveText(['a shirt please', 'Large']);
  expect(await page.evaluate(() => (window as any).asked.length), 'told once').toBe(1);
});

test('a choice is taken by keyboard, and the focus stays with the messages', async ({ page }) => {
  const widget = await chat(page, '/keyboard');
  await widget.send('a shirt please');
  await expect(choices(widget)).toHaveCount(2);
  await expect(widget.field).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(choices(widget).last()).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(choices(widget).first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(widget.panel).toContainText('You chose: Small.');
  await expect(widget.panel.getByLabel('Messages')).toBeFocused();
});

test('free text is an answer, with choices and without, once for two tabs and after a reload', async ({ page, context }) => {
  const widget = await chat(page, '/text');
  await widget.send('a hat please');
  await expect(widget.field).toHaveAttribute('placeholder', 'Type your answer…');
  await expect(choices(widget)).toHaveCount(0);
  await widget.send('Quite large');
  await expect(widget.panel).toContainText('You chose: Quite large.');
  await widget.send('a shirt please');
  await expect(choices(widget)).toHaveCount(2);
  await page.reload();
  await expect(choices(widget)).toHaveText(['Small', 'Large']);
  const other = await chat(await context.newPage(), '/text');
  await expect(choices(other)).toHaveCount(2);
  await other.send('Middling');
  await expect(widget.panel).toContainText('You chose: Middling.');
  await expect(choices(widget)).toHaveCount(0);
  await expect(widget.panel.locator('.turn.me .b')).toHaveText(['a hat please', 'Quite large', 'a shirt please', 'Middling']);
});

test('a server that restarts still waits for the answer', async ({ page }) => {
  const widget = await chat(page, '/restarted');
  await widget.send('a shirt please');
  await expect(choices(widget)).toHaveCount(2);
  await server.kill();
  await server.run();
  await choices(widget).first().click();
  await expect(widget.panel).toContainText('You chose: Small.', { timeout: 20_000 });
  await expect(widget.panel.locator('.turn.me .b')).toHaveText(['a shirt please', 'Small']);
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const [name, options] of Object.entries({ light: { theme: 'light' }, dark: { theme: 'dark' }, 'right to left': { locale: 'ar' } })) {
  test(`the form breaks no rule of WCAG: ${name}`, async ({ page }) => {
    const widget = await chat(page, '/axe', options);
    await widget.send('a shirt please');
    await expect(choices(widget)).toHaveCount(2);
    await page.waitForTimeout(500);
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { violations } = await (window as any).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
      return violations.map((violation: any) => `${violation.id}: ${violation.nodes[0].html}`);
    });
    expect(found).toEqual([]);
  });
}
