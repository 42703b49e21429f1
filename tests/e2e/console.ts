// The console as the tests use it: its first owner, log-ins that cost no form, and what back ends wrote.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from '@playwright/test';
import type { Atthene } from './servers.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PASSWORD = 'marker-password of a test';

/** Somebody who may log in. */
export interface Person {
  email: string;
  name: string;
}

export const OWNER: Person = { email: 'ada@shop.example', name: 'Ada Lovelace' };
export const VIEWER: Person = { email: 'joan@shop.example', name: 'Joan Clarke' };

async function post(server: Atthene, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await fetch(`${server.consoleUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.consoleUrl, ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Makes the first owner, by the link that the server printed. */
export async function setUp(server: Atthene): Promise<void> {
  const token = server.log.match(/\/setup#token=([\w.-]+)/)?.[1];
  await post(server, '/auth/setup', { token, ...OWNER, password: PASSWORD });
}

/** The cookies of a log-in, and what proves that a request comes from the page. */
async function credentials(server: Atthene, who: Person): Promise<{ cookies: [string, string][]; csrf: string }> {
  const answer = await post(server, '/auth/login', { email: who.email, password: PASSWORD });
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [name, ...value] = line.split(';')[0]!.split('=');
    return [name!, value.join('=')] as [string, string];
  });
  return { cookies, csrf: (await answer.json()).csrf };
}

/** Lets a browser in as somebody. */
export async function logIn(context: BrowserContext, server: Atthene, who = OWNER): Promise<void> {
  const { cookies } = await credentials(server, who);
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: server.consoleUrl, sameSite: 'Strict' as const })));
}

/** Invites a viewer, who accepts. */
export async function inviteViewer(server: Atthene): Promise<void> {
  const { cookies, csrf } = await credentials(server, OWNER);
  const headers = { cookie: cookies.map((pair) => pair.join('=')).join('; '), 'x-csrf-token': csrf };
  const invited = await post(server, '/users', { ...VIEWER, role: 'viewer' }, headers);
  const token = new URL((await invited.json()).invite_url).hash.slice('#token='.length);
  await post(server, '/auth/setup', { token, ...VIEWER, password: PASSWORD });
}

/** Lets a back end say something to an agent; the id of the conversation. */
export async function say(server: Atthene, key: string, agent: string, text: string): Promise<string> {
  const ask = async (path: string, body: unknown) => {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { session_id } = await ask('/sessions/from-agent', { agent_key: agent });
  await ask(`/runtime/${session_id}/execute`, { content: text });
  return session_id;
}

/** What breaks a rule of WCAG on the page. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await (window as any).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return found.violations.map((violation: any) => `${violation.id}: ${violation.nodes[0].html}`);
  });
}
