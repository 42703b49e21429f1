// The console's pages about what happened and about the workspace: with data and without, for an owner and a viewer, in
// the light and on a phone; nothing that somebody wrote is markup, and no rule of WCAG is broken.
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { inviteViewer, logIn, OWNER, say, setUp, VIEWER, violations } from './console.ts';
import { agent, Atthene } from './servers.ts';
import { consoleOf } from './widget.ts';

const SHOP = 'https://shop.example';
const MARKUP = '<img src=x onerror="window.marked = 1"> <b>Where</b> is [my order](javascript:window.marked=1)?';

/** Path, heading, and what it says while there is nothing. */
const PAGES: [string, string, RegExp][] = [
  ['/conversations', 'Conversations', /No conversations yet/],
  ['/traces', 'Traces', /No traces yet/],
  ['/usage', 'Usage', /Nothing happened in this span/],
  ['/keys', 'API keys', /A key lets a back end use the API/],
  ['/audit', 'Audit log', /Who did what, and when/],
  ['/settings', 'Settings', /read when the server starts/],
  ['/settings/models', 'Settings', /builtin/],
  ['/settings/users', 'Settings', /ada@shop\.example/],
  ['/settings/account', 'Settings', /Your other log-ins end then/],
];

let empty: Atthene;
let server: Atthene;
let session: string;

test.beforeAll(async () => {
  [empty, server] = await Promise.all([Atthene.start(), Atthene.start()]);
  await Promise.all([setUp(empty), setUp(server)]);
  await inviteViewer(server);
  await server.apply(agent('shop', SHOP), SHOP);
  const key = await server.key('chat');
  session = await say(server, key, 'shop', MARKUP);
  await say(server, key, 'shop', 'Do you ship to Switzerland?');
});

test.afterAll(() => Promise.all([empty.stop(), server.stop()]));

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

for (const [path, title, words] of PAGES) {
  test(`${path} teaches the next step while there is nothing, and breaks no rule`, async ({ page, context }) => {
    const lines = consoleOf(page);
    await logIn(context, empty);
    await page.goto(empty.consoleUrl + path);
    await expect(heading(page, title)).toBeVisible();
    await expect(page.locator('main')).toContainText(words);
    expect(await violations(page)).toEqual([]);
    expect(lines).toEqual([]);
  });

  test(`${path} shows what there is in the dark, in German and on a phone`, async ({ browser }) => {
    const context = await browser.newContext({ locale: 'de-DE', colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await logIn(context, server);
    const page = await context.newPage();
    const lines = consoleOf(page);
    await page.goto(server.consoleUrl + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText('Wird geladen')).toHaveCount(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await violations(page)).toEqual([]);
    expect(lines).toEqual([]);
    await context.close();
  });
}

test('a conversation is found by its words, shows them as text, and leads to its traces', async ({ page, context }) => {
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/conversations`);
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('searchbox', { name: 'Search in messages' }).fill('my order');
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/q=my\+order/);
  await page.getByRole('row').nth(1).getByRole('link').click();
  const said = page.getByRole('log', { name: 'Messages' });
  await expect(said).toContainText(MARKUP);
  await expect(said.locator('img, b, a')).toHaveCount(0);
  expect(await page.evaluate(() => 'marked' in window)).toBe(false);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Show traces' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(heading(page, 'Trace')).toBeVisible();
  await page.getByText('System prompt').click();
  await expect(page.getByRole('heading', { name: 'What the agent received' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('new messages come by themselves while a conversation is open', async ({ page, context }) => {
  const key = await server.key('chat');
  const own = await say(server, key, 'shop', 'The first question');
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/conversations/${own}`);
  const said = page.getByRole('log', { name: 'Messages' });
  await expect(said).toContainText('The first question');
  const answer = await fetch(`${server.url}/api/v1/runtime/${own}/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ content: 'The second question' }),
  });
  expect(answer.ok).toBe(true);
  await expect(said).toContainText('The second question', { timeout: 15_000 });
});

test('the list is exported as it is narrowed', async ({ page, context }) => {
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/conversations?q=Switzerland`);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Get the file' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('conversations.json');
  const file = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(file.conversations).toHaveLength(1);
  expect(JSON.stringify(file)).toContain('Do you ship to Switzerland?');
});

test('a conversation is erased only after the question, and is gone then', async ({ page, context }) => {
  const own = await say(server, await server.key('chat'), 'shop', 'Please forget this');
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/conversations/${own}`);
  await page.getByRole('button', { name: 'Erase' }).click();
  const question = page.getByRole('dialog', { name: 'Erase this conversation?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('log')).toContainText('Please forget this');
  await page.getByRole('button', { name: 'Erase' }).click();
  await question.getByRole('button', { name: 'Erase' }).click();
  await expect(heading(page, 'Conversations')).toBeVisible();
  await expect(page.getByText('Please forget this')).toHaveCount(0);
  const answer = await page.request.get(`${server.consoleUrl}/api/v1/sessions/${own}`, { headers: await csrf(page) });
  expect(answer.status()).toBe(404);
});

test('what a visitor thinks of an answer stands under it, in the list, and narrows the list', async ({ page, context }) => {
  const { id, comment } = await rated('Is <i>this</i> <img src=x onerror="window.marked = 1"> an answer?');
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/conversations`);
  const own = page.getByRole('row').filter({ hasText: 'When do you open?' });
  await expect(own.getByText('Not helpful')).toHaveCount(1);
  await expect(page.getByRole('cell').getByText('Helpful', { exact: true })).toHaveCount(0);
  const all = await page.getByRole('row').count();
  const filter = page.getByRole('combobox', { name: 'Feedback' });
  for (const [choice, rows] of [['down', 2], ['any', 2], ['down', 2]] as const) {
    await filter.selectOption(choice);
    await expect(page).toHaveURL(new RegExp(`feedback=${choice}`));
    await expect(page.getByRole('row')).toHaveCount(rows);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(filter).toHaveValue('');
    await expect(page.getByRole('row')).toHaveCount(all);
  }
  await filter.selectOption({ label: 'Helpful' });
  await expect(page.getByText('No conversation fits these filters')).toBeVisible();
  await page.goto(`${server.consoleUrl}/conversations?feedback=down`);
  await expect(filter).toHaveValue('down');
  const [asked] = await Promise.all([
    page.waitForRequest(/conversations\/export/),
    page.getByRole('button', { name: 'Export' }).click().then(() => page.getByRole('button', { name: 'Get the file' }).click()),
  ]);
  expect(new URL(asked.url()).searchParams.get('feedback')).toBe('down');
  await page.goto(`${server.consoleUrl}/conversations/${id}`);
  const said = page.getByRole('log', { name: 'Messages' });
  await expect(said.getByText('Not helpful')).toBeVisible();
  await expect(said.getByText(comment, { exact: true })).toBeVisible();
  await expect(said.locator('img, i')).toHaveCount(0);
  expect(await page.evaluate(() => 'marked' in window)).toBe(false);
  expect(await violations(page)).toEqual([]);
});

test('a key is shown once, works, and stops when it is revoked', async ({ page, context }) => {
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/keys`);
  await page.getByRole('button', { name: 'New key' }).first().click();
  const form = page.getByRole('dialog', { name: 'New key' });
  await form.getByRole('button', { name: 'Make key' }).click();
  await expect(form).toContainText('Give the key a name.');
  await form.getByRole('textbox', { name: 'Name' }).fill('Shop back end');
  expect(await violations(page)).toEqual([]);
  await form.getByRole('button', { name: 'Make key' }).click();
  const made = page.getByRole('dialog', { name: 'Your new key' });
  const secret = (await made.locator('pre').textContent())!.trim();
  expect(secret).toMatch(/^atk_/);
  const models = () => fetch(`${server.url}/v1/models`, { headers: { 'x-api-key': secret } });
  expect((await models()).status).toBe(200);
  await page.keyboard.press('Escape');
  await expect(made).toBeVisible();
  await made.getByRole('button', { name: 'I have kept it' }).click();
  expect(await page.content()).not.toContain(secret);
  const row = page.getByRole('row').filter({ hasText: 'Shop back end' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog', { name: 'Revoke Shop back end?' }).getByRole('button', { name: 'Revoke' }).click();
  await expect(row).toHaveCount(0);
  expect((await models()).status).toBe(401);
});

test('the last owner keeps the role, and is told why', async ({ page, context }) => {
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/settings/users`);
  const role = page.getByRole('combobox', { name: `Role of ${OWNER.name}` });
  await role.selectOption('viewer');
  const row = page.getByRole('row').filter({ hasText: OWNER.email });
  await expect(row).toContainText('This is the last active owner.');
  await expect(role).toHaveValue('owner');
});

test('an invitation is a link that is shown once', async ({ page, context }) => {
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/settings/users`);
  await page.getByRole('button', { name: 'Invite user' }).click();
  const form = page.getByRole('dialog', { name: 'Invite user' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Grace Hopper');
  await form.getByRole('textbox', { name: 'Email' }).fill('grace@shop.example');
  await form.getByRole('button', { name: 'Make invitation link' }).click();
  const link = page.getByRole('dialog', { name: 'Invitation for Grace Hopper' });
  await expect(link.locator('pre')).toContainText(`${server.consoleUrl}/invite#token=`);
  await link.getByRole('button', { name: 'Done' }).click();
  expect(await page.content()).not.toContain('#token=');
  await expect(page.getByRole('row').filter({ hasText: 'grace@shop.example' })).toContainText('Invited');
});

test('a viewer sees what happened, and no button that would be refused', async ({ page, context }) => {
  await logIn(context, server, VIEWER);
  await page.goto(`${server.consoleUrl}/conversations/${session}`);
  await expect(page.getByRole('log')).toContainText('my order');
  await expect(page.getByRole('button', { name: 'Erase' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Conversations' }).first().click();
  await expect(page.getByRole('button', { name: 'Export' })).toHaveCount(0);
  const side = page.getByRole('navigation', { name: 'Pages' });
  await expect(side.getByRole('link', { name: 'API keys' })).toHaveCount(0);
  await expect(side.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
  await side.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Change password' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Users' })).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await page.goto(`${server.consoleUrl}/agents/shop/access`);
  await expect(page.getByRole('switch', { name: 'Public access' })).toBeDisabled();
  await expect(page.getByRole('link', { name: 'Open playground' })).toHaveCount(0);
  await expect(page.locator('iframe')).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a preview beside a form leaves the focus where it is', async ({ page, context }) => {
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/agents/shop/access`);
  const field = page.getByRole('textbox', { name: 'Origins' });
  await field.focus();
  await expect(page.frameLocator('iframe').getByRole('dialog')).toBeVisible();
  await expect(field).toBeFocused();
});

test('a page says what failed, and comes back by its button', async ({ page, context }) => {
  await logIn(context, server);
  await page.route('**/api/v1/traces?*', (route) => route.abort());
  await page.goto(`${server.consoleUrl}/traces`);
  await expect(page.getByRole('alert')).toContainText('The server does not answer.');
  await page.unroute('**/api/v1/traces?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('table')).toBeVisible();
});

/** A visitor asks, and did not like the answer. */
async function rated(comment: string): Promise<{ id: string; comment: string }> {
  const headers: Record<string, string> = { origin: SHOP, 'content-type': 'application/json' };
  const ask = async (path: string, body?: unknown) => {
    const method = body ? 'POST' : 'GET';
    const answer = await fetch(`${server.url}/public/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
    return answer.json();
  };
  const { session_id: id, token } = await ask('/agents/shop/sessions', {});
  headers.authorization = `Bearer ${token}`;
  const own = `/agents/shop/sessions/${id}`;
  await ask(`${own}/messages`, { client_id: 'first', content: 'When do you open?' });
  const last = async () => (await ask(`${own}/messages`)).messages.at(-1);
  await expect.poll(async () => (await last()).role + (await last()).status).toBe('assistantcompleted');
  await ask(`${own}/feedback`, { message_id: (await last()).id, rating: 'down', comment });
  return { id, comment };
}

/** The header that makes the log-in count. */
async function csrf(page: Page): Promise<Record<string, string>> {
  const cookies = await page.context().cookies();
  return { 'x-csrf-token': cookies.find((cookie) => cookie.name.endsWith('atthene_csrf'))!.value };
}
