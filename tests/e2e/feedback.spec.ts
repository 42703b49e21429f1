// What a visitor thinks of an answer: two buttons under it, kept over a reload, told to the page.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { violations } from './console.ts';
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

async function chat(page: Page, path: string, options: object = {}): Promise<Widget> {
  const body = `<main><h1>Shop</h1></main>${snippet(server, { agentKey: 'shop', autoOpen: true, ...options })}`;
  await page.goto(site.page(path, body));
  const widget = new Widget(page);
  await widget.field.waitFor();
  return widget;
}

const pressed = (button: Locator) => button.getAttribute('aria-pressed');

test('a rating is kept over a reload, changed, taken back, and told to the page', async ({ page }) => {
  let widget = await chat(page, '/rated');
  await page.evaluate(() => {
    const told = ((window as any).told = [] as unknown[]);
    (window as any).AttheneChat.on('feedback', (detail: any) => told.push(['on', detail]));
    window.addEventListener('atthenechat:feedback', (event) => told.push(['window', (event as CustomEvent).detail]));
  });
  await widget.send('Is the delivery free?');
  const [good, bad] = [widget.button('Good answer'), widget.button('Bad answer')];
  await expect(good).toHaveCount(1);
  expect([await pressed(good), await pressed(bad)]).toEqual(['false', 'false']);
  await good.click();
  await expect(good).toHaveAttribute('aria-pressed', 'true');
  const told = () => page.evaluate(() => (window as any).told);
  const detail = { messageId: expect.stringMatching(/^msg_/), rating: 'up' };
  await expect.poll(told).toEqual([['on', detail], ['window', detail]]);

  await page.reload();
  widget = new Widget(page);
  await expect(good).toHaveAttribute('aria-pressed', 'true');
  await bad.focus();
  await page.keyboard.press('Enter');
  await expect(bad).toHaveAttribute('aria-pressed', 'true');
  await expect(good).toHaveAttribute('aria-pressed', 'false');
  await expect(bad).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(bad).toHaveAttribute('aria-pressed', 'false');
  await expect(bad).toBeFocused();
});

test('what the server does not keep is undone', async ({ page }) => {
  const widget = await chat(page, '/undone');
  await widget.send('Is the delivery free?');
  const good = widget.button('Good answer');
  await expect(good).toHaveCount(1);
  await page.route('**/feedback', (route) => route.abort());
  await good.click();
  await expect(good).toHaveAttribute('aria-pressed', 'false');
  await page.unroute('**/feedback');
  await good.click();
  await expect(good).toHaveAttribute('aria-pressed', 'true');
});

for (const [name, options, media] of [
  ['light', {}, {}],
  ['dark', { theme: 'dark' }, {}],
  ['rtl', { locale: 'ar' }, {}],
  ['forced colours', {}, { forcedColors: 'active' as const }],
] as const) {
  test(`the buttons break no rule of accessibility: ${name}`, async ({ page }) => {
    await page.emulateMedia(media);
    const widget = await chat(page, `/axe-${name.replace(' ', '-')}`, options);
    await widget.send('Is the delivery free?');
    await widget.button('Good answer').click();
    await expect(widget.button('Good answer')).toHaveAttribute('aria-pressed', 'true');
    expect(await violations(page)).toEqual([]);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/feedback-${name.replace(' ', '-')}.png` });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true });

  test('a finger finds the buttons, in German', async ({ page }) => {
    await page.goto(site.page('/phone', `<meta name="viewport" content="width=device-width"><main><h1>Shop</h1></main>${snippet(server, { agentKey: 'shop', locale: 'de' })}`));
    await page.getByRole('button', { name: 'Chat öffnen' }).click();
    const widget = new Widget(page);
    await widget.field.waitFor();
    await widget.send('Is the delivery free?');
    const [good, bad] = [widget.button('Gute Antwort'), widget.button('Schlechte Antwort')];
    await bad.tap();
    await expect(bad).toHaveAttribute('aria-pressed', 'true');
    for (const button of [good, bad]) {
      const box = (await button.boundingBox())!;
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    }
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/feedback-phone.png` });
  });
});
