// The console as a new owner meets it: from the printed link to a working widget on a page of their own, by clicks alone;
// and each of its pages without a broken rule of WCAG, on a desktop, in the dark, on a phone and in German.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import { Atthene, Site } from './servers.ts';
import { consoleOf } from './widget.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const EMAIL = 'ada@example.com';
const PASSWORD = 'a long sentence for a test';

let server: Atthene;
let site: Site;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  [server, site] = [await Atthene.start(), await Site.start()];
});

test.afterAll(() => Promise.all([server.stop(), site.stop()]));

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await (window as any).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return found.violations.map((violation: any) => `${violation.id}: ${violation.nodes[0].html}`);
  });
}

async function logIn(page: Page, path = '/'): Promise<void> {
  await page.goto(server.consoleUrl + path);
  await page.locator('input[type=email]').fill(EMAIL);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.locator('.side')).toBeAttached();
}

test('from the printed link to a widget that answers, and a refused origin that is let in', async ({ page, context }) => {
  const link = /(http\S+\/setup#token=\S+)/.exec(server.log)?.[1];
  expect(link, server.log).toBeTruthy();
  const lines = consoleOf(page);
  await page.goto(link!);
  await expect(page).toHaveURL(server.consoleUrl + '/setup');
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('Email').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Repeat the password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();

  await page.getByRole('main').getByRole('link', { name: 'New agent' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Shop Assistant');
  await page.getByLabel('Your website').fill('https://shop.example');
  await page.getByRole('button', { name: 'Create agent' }).click();
  await expect(page).toHaveURL(/\/agents\/shop_assistant\/embed$/);
  const snippet = await page.getByRole('region', { name: 'For every page' }).textContent();

  const visitor = await context.newPage();
  await visitor.goto(site.page('/', snippet!));
  await expect(visitor.locator('atthene-chat')).toHaveCount(0);
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByRole('button', { name: `Allow ${site.origin}` }).click();
  await expect(page.getByRole('dialog')).toContainText('anybody can send a name');
  await page.getByRole('dialog').getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(page.getByText('Works at its next load')).toBeVisible();
  await expect(async () => {
    await visitor.reload();
    await visitor.getByRole('button', { name: 'Open chat' }).click({ timeout: 2_000 });
    await expect(visitor.getByRole('dialog', { name: 'Shop Assistant' })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  expect(lines).toEqual([]);
});

test('a wrong password is told at its field, and the way in leads where one wanted to go', async ({ page }) => {
  await page.goto(server.consoleUrl + '/agents/shop_assistant/access');
  await page.getByLabel('Email').fill(EMAIL);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByLabel('Password')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Shop Assistant');
  await expect(page.getByRole('switch', { name: 'Public access' })).toBeVisible();
});

test('an origin is looked at while it is typed, and the right form is one click away', async ({ page }) => {
  await logIn(page, '/agents/shop_assistant/access');
  const list = page.getByLabel('Origins', { exact: true });
  await list.fill('https://shop.example\nyour-site.com');
  await page.getByRole('button', { name: 'https://your-site.com' }).click();
  await expect(list).toHaveValue('https://shop.example\nhttps://your-site.com');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByLabel('Origin to test').fill('http://shop.example');
  await page.getByRole('button', { name: 'Test this origin' }).click();
  await expect(page.getByText('Refused.')).toBeVisible();
});

test('the playground holds the real widget, and shows what its last turn did', async ({ page }) => {
  const lines = consoleOf(page);
  await logIn(page, '/agents/shop_assistant/playground');
  const widget = page.frameLocator('iframe');
  await widget.getByRole('textbox').fill('Hello?');
  await widget.getByRole('textbox').press('Enter');
  await expect(page.getByText('completed')).toBeVisible();
  expect(lines).toEqual([]);
});

const PAGES = ['', '/instructions', '/knowledge', '/access', '/appearance', '/embed', '/versions', '/playground'];
for (const [name, options] of Object.entries({
  desktop: { viewport: { width: 1440, height: 900 } },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' as const },
  phone: { viewport: { width: 390, height: 844 } },
  german: { viewport: { width: 1440, height: 900 }, locale: 'de-DE' },
})) {
  test.describe(name, () => {
    test.use(options);
    test('no rule of WCAG is broken and nothing is wider than the screen', async ({ page }) => {
      await logIn(page);
      for (const path of ['/agents', '/agents/+', ...PAGES.map((tab) => '/agents/shop_assistant' + tab)]) {
        await page.goto(server.consoleUrl + path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.locator('.skeleton')).toHaveCount(0);
        expect(await violations(page), path).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path).toBe(true);
      }
    });
  });
}
