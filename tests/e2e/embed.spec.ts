// Embedding: the documents' pages as printed, and every way of loading that docs/EMBEDDING.md names.
import { expect, test } from '@playwright/test';
import { agent, Atthene, Site, snippet } from './servers.ts';
import { consoleOf, Widget } from './widget.ts';

let server: Atthene;
let site: Site;
let refused: Site;

test.beforeAll(async () => {
  server = await Atthene.start();
  site = await Site.start();
  refused = await Site.start('127.0.0.1');
  await server.apply(agent('agent_abc123', site.origin), site.origin);
});

test.afterAll(async () => {
  await Promise.all([server.stop(), site.stop(), refused.stop()]);
});

/** The complete example of the documents, with our host put in and nothing else changed. */
const completeExample = (host: string) => `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <title>My Website</title>
</head>
<body>
  <h1>Welcome to My Website</h1>
  <p>Need help? Chat with our AI assistant!</p>
  
  <!-- Atthene Chat Widget -->
  <script src="${host}/chat-widget.js"></script>
  <script>
    AttheneChat.init({
      agentKey: 'agent_abc123',
      position: 'bottom-right',
      theme: 'light',
      primaryColor: '#0066FF',
      welcomeMessage: 'Hi! I\\'m here to help. What can I do for you?',
      title: 'Support Assistant',
      autoOpen: false
    });
  </script>
</body>
</html>`;

test('the complete example of the documents works from another origin', async ({ page }) => {
  const lines = consoleOf(page);
  site.pages.set('/complete', { body: completeExample(server.url) });
  await page.goto(site.origin + '/complete');
  const widget = new Widget(page);
  await widget.open();
  await expect(widget.panel).toHaveAccessibleName('Support Assistant');
  await expect(widget.panel).toContainText("Hi! I'm here to help. What can I do for you?");
  await widget.send('Hello');
  await expect(widget.panel).toContainText('Hello');
  await expect(widget.panel).toContainText('Delivered');
  await widget.page.keyboard.press('Escape');
  await expect(widget.panel).toBeHidden();
  await expect(widget.opener).toBeFocused();
  expect(lines.filter((line) => line.includes('AttheneChat') || line.startsWith('uncaught'))).toEqual([]);
});

test('all ten options of the documents do what they say', async ({ page }) => {
  const options = {
    agentKey: 'agent_abc123',
    position: 'bottom-left',
    theme: 'dark',
    primaryColor: '#FFD400',
    welcomeMessage: 'Welcome in.',
    placeholder: 'Ask away...',
    autoOpen: true,
    title: 'Customer Support',
    subtitle: 'We reply at once',
    avatar: `${server.url}/no-such-avatar.png`,
  };
  await page.goto(site.page('/ten', snippet(server, options)));
  const widget = new Widget(page);
  await expect(widget.panel).toBeVisible();
  await expect(widget.panel).toHaveAccessibleName('Customer Support');
  await expect(widget.panel).toContainText('We reply at once');
  await expect(widget.panel).toContainText('Welcome in.');
  await expect(widget.field).toHaveAttribute('placeholder', 'Ask away...');
  const launcher = page.locator('atthene-chat button[aria-expanded]');
  const box = await launcher.boundingBox();
  expect(box!.x).toBeLessThan(200);
  const [background, ink] = await launcher.evaluate((button) => {
    const style = getComputedStyle(button);
    return [style.backgroundColor, style.color];
  });
  expect(background).toBe('rgb(255, 212, 0)');
  expect(ink, 'a yellow brand gets dark text').not.toBe('rgb(255, 255, 255)');
});

test('methods and events of the documents', async ({ page }) => {
  await page.goto(site.page('/api', snippet(server, { agentKey: 'agent_abc123' })));
  await page.evaluate(() => {
    const w = window as any;
    w.seen = [];
    for (const name of ['message', 'open', 'close']) {
      w.AttheneChat.on(name, (detail: any) => w.seen.push([name, detail && { ...detail }]));
    }
    w.AttheneChat.open();
  });
  const widget = new Widget(page);
  await expect(widget.panel).toBeVisible();
  const sent = await page.evaluate(() => (window as any).AttheneChat.sendMessage('Hello from the website!'));
  expect(sent).toMatchObject({ role: 'user', type: 'user_message', content: 'Hello from the website!' });
  await expect.poll(() => page.evaluate(() => (window as any).seen.filter((e: any) => e[0] === 'message').length)).toBe(2);
  await page.evaluate(() => (window as any).AttheneChat.close());
  const seen = await page.evaluate(() => (window as any).seen);
  expect(seen[0][0]).toBe('open');
  expect(seen.at(-1)[0]).toBe('close');
  const messages = seen.filter((entry: any) => entry[0] === 'message').map((entry: any) => entry[1]);
  expect(messages[0]).toMatchObject({ role: 'user', type: 'user_message', content: 'Hello from the website!' });
  expect(messages[1]).toMatchObject({ role: 'assistant', type: 'assistant_message' });
  for (const message of messages) {
    expect(message.sessionId).toMatch(/^sess_/);
    expect(new Date(message.timestamp).getTime()).not.toBeNaN();
  }
});

test('init in the head works before the body exists', async ({ page }) => {
  await page.goto(site.page('/head', '<p>text</p>', snippet(server, { agentKey: 'agent_abc123' })));
  await new Widget(page).open();
});

test('calls made before init are queued and replayed in order', async ({ page }) => {
  const script = `<script src="${server.url}/chat-widget.js"></script><script>
    AttheneChat.on('open', () => { window.opened = (window.opened || 0) + 1; });
    AttheneChat.open();
    AttheneChat.init({ agentKey: 'agent_abc123' });
  </script>`;
  await page.goto(site.page('/queue', script));
  await expect(new Widget(page).panel).toBeVisible();
  await expect.poll(() => page.evaluate(() => (window as any).opened)).toBe(1);
});

test('async with data-agent-key needs no second script', async ({ page }) => {
  const script = `<script async src="${server.url}/chat-widget.js" data-agent-key="agent_abc123" data-title="From data"></script>`;
  await page.goto(site.page('/async', script));
  const widget = new Widget(page);
  await widget.open();
  await expect(widget.panel).toHaveAccessibleName('From data');
});

test('the script twice and init twice is one widget; another agent key is a second', async ({ page }) => {
  await server.apply(agent('second', site.origin), site.origin);
  const twice = snippet(server, { agentKey: 'agent_abc123' });
  await page.goto(site.page('/twice', twice + twice));
  await expect(page.getByRole('button', { name: 'Open chat' })).toHaveCount(1);
  await page.evaluate(() => (window as any).AttheneChat.init({ agentKey: 'second', position: 'bottom-left' }));
  await expect(page.getByRole('button', { name: 'Open chat' })).toHaveCount(2);
});

test('destroy leaves nothing, says nothing, and init works and looks the same again', async ({ page }) => {
  const lines = consoleOf(page);
  await page.goto(site.page('/destroy', snippet(server, { agentKey: 'agent_abc123' })));
  const widget = new Widget(page);
  await widget.open();
  const look = () =>
    widget.panel.evaluate((panel) => {
      const { backgroundColor, borderRadius, font, width, height } = getComputedStyle(panel);
      const field = getComputedStyle(panel.querySelector('textarea')!).font;
      return { backgroundColor, borderRadius, font, width, height, field };
    });
  const first = await look();
  expect(first.borderRadius).toBe('24px');
  const before = await page.evaluate(() => {
    (window as any).AttheneChat.destroy();
    return document.documentElement.children.length;
  });
  expect(before, 'head and body alone').toBe(2);
  await page.evaluate(() => (window as any).AttheneChat.init({ agentKey: 'agent_abc123' }));
  await widget.open();
  expect(await look()).toEqual(first);
  expect(lines).toEqual([]);
});

test('an unlisted page gets one line in its console and no widget', async ({ page }) => {
  const lines = consoleOf(page);
  await page.goto(refused.page('/', snippet(server, { agentKey: 'agent_abc123' })));
  const ours = () => lines.filter((line) => line.startsWith('[AttheneChat]'));
  await expect.poll(() => ours().length).toBe(1);
  await expect(new Widget(page).opener).toHaveCount(0);
  const [line] = ours();
  expect(line).toContain(refused.origin);
  for (const cause of ['agentKey', 'public access', 'Allowed Origin URL']) expect(line).toContain(cause);
  await page.waitForTimeout(1_000);
  expect(ours(), 'silent until the next load').toHaveLength(1);
});

test('a wrong option warns with the right form and falls back', async ({ page }) => {
  const lines = consoleOf(page);
  await page.goto(site.page('/wrong', snippet(server, { agentKey: 'agent_abc123', position: 'top', theme: 7 })));
  await new Widget(page).open();
  const warnings = lines.filter((line) => line.startsWith('[AttheneChat]'));
  expect(warnings.some((line) => line.includes('bottom-right'))).toBe(true);
  expect(warnings.some((line) => line.includes('theme'))).toBe(true);
});
