// What visitors, models, pages, back ends and colleagues wrote, as the console shows it: every text is a text. No script
// runs, nothing is asked for elsewhere, and the strict policy of the page has nothing to report.
import { LLMock } from '@copilotkit/aimock';
import { expect, test, type Page } from '@playwright/test';
import { logIn, say, setUp } from './console.ts';
import { CANARY, HOSTILE } from './hostile.ts';
import { agent, Atthene } from './servers.ts';

const SHOP = 'https://shop.example';
/** One text that is all of them. */
const ALL = HOSTILE.join('\n');

let model: LLMock;
let server: Atthene;
let session: string;
const sessions: string[] = [];

test.beforeAll(async () => {
  model = new LLMock({ port: 0 });
  model.onMessage(/./, { content: ALL });
  await model.start();
  server = await Atthene.start(`[providers.mock]\nkind = "openai"\nbase_url = "${model.url}/v1/"\napi_key = "mock"\n[limits]\naddress_sessions_per_min = 1000\n`);
  await setUp(server);
  await server.apply(hostileAgent(0), SHOP);
  const key = await server.key('admin');
  const call = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json', 'x-api-key': key };
    const answer = await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status, `${path}: ${await answer.clone().text()}`).toBeLessThan(300);
    return answer.json();
  };
  for (const [number, text] of HOSTILE.entries()) {
    await call('/api-keys', { name: text.replaceAll('\t', ' ').slice(0, 80) });
    sessions.push(await visit(text, number));
  }
  session = await say(server, key, 'hostile', ALL);
  for (const text of HOSTILE) {
    await fetch(`${server.url}/public/v1/agents/hostile`, { headers: { origin: text.replace(/[^\x20-\x7e]/g, '') } });
  }
  const files = new FormData();
  files.append('base', 'shop');
  for (const text of HOSTILE.slice(0, 20)) {
    files.append('files', new Blob([`# ${text}\n\n${text}`]), `${text.replaceAll(/[/\\\n]/g, '_')}.md`);
  }
  await fetch(`${server.url}/api/v1/agent/hostile/knowledge`, { method: 'POST', headers: { 'x-api-key': key }, body: files });
});

test.afterAll(() => Promise.all([server.stop(), model.stop()]));

function hostileAgent(number: number): Record<string, unknown> {
  const text = HOSTILE[number]!;
  const made = agent('hostile', SHOP, 'mock/gpt-test', { title: text, subtitle: HOSTILE[2], welcomeMessage: text, starterPrompts: [text] });
  const config = made.system_config as Record<string, unknown>;
  // Double braces would be a template, which is refused by name.
  const prompt = ALL.replaceAll('{{', '{ {').replaceAll('}}', '} }');
  return { ...made, system_config: { ...config, name: `Hostile ${text}`.slice(0, 100), system_prompt: prompt, description: prompt.slice(0, 500) } };
}

/** A visitor whose page and words are hostile; the model answers with all of it. */
async function visit(text: string, number: number): Promise<string> {
  const at = `${server.url}/public/v1/agents/hostile/sessions`;
  const headers = { 'content-type': 'application/json', origin: SHOP };
  const page = { url: `${SHOP}/${encodeURIComponent(text)}`, title: text, referrer: `${SHOP}/?${text}` };
  const opened = await fetch(at, { method: 'POST', headers, body: JSON.stringify({ page, locale: 'en' }) });
  expect(opened.status).toBe(201);
  const { session_id, token } = await opened.json();
  if (number % 8 > 0) return session_id;
  const said = await fetch(`${at}/${session_id}/messages`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    body: JSON.stringify({ client_id: `c${number}`, content: text }),
  });
  await said.text();
  return session_id;
}

/** What happened on a page that must not happen. */
async function watch(page: Page): Promise<string[]> {
  const happened: string[] = [];
  const own = [server.url, server.consoleUrl, server.url.replace('http', 'ws')];
  page.on('request', (request) => {
    const url = request.url();
    const isOwn = own.some((origin) => url.startsWith(`${origin}/`)) || /^(data|blob):/.test(url);
    if (!isOwn || url.startsWith(CANARY)) happened.push(`asked for ${url}`);
  });
  page.on('dialog', (dialog) => {
    happened.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => happened.push('a popup'));
  page.on('pageerror', (error) => happened.push(`error ${error.message}`));
  await page.exposeFunction('toldByPage', (text: string) => happened.push(text));
  await page.addInitScript(() => {
    const told = (text: string) => void (window as any).toldByPage(text);
    (window as any).hit = () => told('a script ran');
    addEventListener('securitypolicyviolation', (event) => told(`policy ${event.violatedDirective} ${event.blockedURI}`));
  });
  return happened;
}

const PATHS: () => string[] = () => [
  '/agents',
  '/agents/hostile',
  ...['instructions', 'knowledge', 'access', 'appearance', 'embed', 'versions', 'playground'].map((tab) => `/agents/hostile/${tab}`),
  '/conversations',
  `/conversations/${session}`,
  ...sessions.filter((_, number) => number % 16 === 0).map((id) => `/conversations/${id}`),
  '/traces',
  '/usage',
  '/keys',
  '/audit',
  '/settings',
  '/settings/users',
];

test('whatever anybody wrote is shown as text, on every page', async ({ page, context }) => {
  test.setTimeout(240_000);
  const happened = await watch(page);
  await logIn(context, server);
  for (const path of PATHS()) {
    await page.goto(server.consoleUrl + path);
    await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
    await page.waitForLoadState('networkidle');
    const made = await page.locator('main').evaluate((main) =>
      [...main.querySelectorAll('iframe[srcdoc], object, embed, base, meta, main script, [onerror], [onload], [onfocus], a[href^="javascript:" i], a[href^="data:" i]')].map((node) => node.outerHTML),
    );
    expect(made, path).toEqual([]);
    expect(happened, path).toEqual([]);
  }
});

test('a hostile conversation is shown letter by letter as it was written', async ({ page, context }) => {
  const happened = await watch(page);
  await logIn(context, server);
  await page.goto(`${server.consoleUrl}/conversations/${session}`);
  for (const text of HOSTILE.slice(0, 30)) await expect(page.locator('main')).toContainText(text);
  expect(happened).toEqual([]);
});
