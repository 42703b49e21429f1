// The three kinds of vendors against a mock of their APIs that others wrote, with its faults switched on, and against a
// vendor of our own for the faults that it has no switch for (BAR.md U2). No browser: a visitor and a back end ask.
import { LLMock } from '@copilotkit/aimock';
import { expect, test } from '@playwright/test';
import { Atthene, freePort } from './servers.ts';
import { FAULTS, FaultyVendor, MARKER } from './faults.ts';

const KINDS = ['openai', 'anthropic', 'gemini'] as const;
const ORIGIN = 'https://shop.example';
/** The key that our server has for the vendors. */
const VENDOR_KEY = 'marker-of-a-vendors-key';
/** How long a visitor may wait for a kind sentence. */
const PATIENCE_MS = 35_000;
const SENTENCES = [
  'The assistant cannot answer at the moment. Please try again later.',
  'The assistant is very busy right now. Please try again in a moment.',
  'The assistant cannot be reached right now. Please try again in a moment.',
  'The answer took too long. Please try again.',
  'The answer broke off. Please try again.',
];
const HELLO = 'Grüße, 你好, 👩‍🚀 and مرحبا: all of it arrives.';

let mock: LLMock;
let faulty: FaultyVendor;
let server: Atthene;
let key: string;

/** What the mock does for a question that holds the word. */
function play(): void {
  const error = (status: number) => ({ error: { message: MARKER, type: 'server_error' }, status });
  mock.onMessage(/hello/, { content: HELLO, usage: { prompt_tokens: 21, completion_tokens: 7, input_tokens: 21, output_tokens: 7, promptTokenCount: 21, candidatesTokenCount: 7 } }, { chunkSize: 1 });
  mock.onMessage(/status-(400|401|429|500|503|529)/, (request) => {
    const said = JSON.stringify(request);
    return error(Number(/status-(\d+)/.exec(said)![1]));
  });
  mock.onMessage(/rate-limit/, { content: 'never' }, { chaos: { rateLimitRate: 1 } });
  mock.onMessage(/malformed/, { content: 'never' }, { chaos: { malformedRate: 1 } });
  mock.onMessage(/drop/, { content: 'never' }, { chaos: { dropRate: 1 } });
  mock.onMessage(/disconnect/, { content: 'never' }, { chaos: { disconnectRate: 1 } });
  mock.onMessage(/truncate/, { content: 'Half of it is there and half is not.' }, { chunkSize: 4, truncateAfterChunks: 3 });
  mock.onMessage(/hang-up/, { content: 'Half of it is there and half is not.' }, { chunkSize: 4, latency: 60, disconnectAfterMs: 250 });
  mock.onMessage(/silence/, { content: 'never' }, { chaos: { latencyMs: 30_000 } });
}

/** The faults of the mock, by the word that asks for them. */
const MOCKED = ['status-400', 'status-401', 'status-429', 'status-500', 'status-503', 'status-529', 'rate-limit', 'malformed', 'drop', 'disconnect', 'truncate', 'hang-up', 'silence'];

const slug = (fault: string) => fault.toLowerCase().replace(/[^a-z0-9]+/g, '_');

test.beforeAll(async () => {
  mock = new LLMock({ port: 0 });
  play();
  await mock.start();
  faulty = await FaultyVendor.start();
  const closed = await freePort();
  const providers = KINDS.flatMap((kind) => {
    const place = (name: string, url: string) => `[providers.${kind}_${name}]\nkind = "${kind}"\nbase_url = "${url}"\napi_key = "${VENDOR_KEY}"\n`;
    const mocked = kind === 'openai' ? `${mock.url}/v1/` : `${mock.url}/`;
    return [place('mock', mocked), place('refused', `http://127.0.0.1:${closed}/`), ...Object.keys(FAULTS).map((fault) => place(slug(fault), faulty.url(fault, kind)))];
  });
  server = await Atthene.start(`[limits]\nkey_requests_per_min = 100000\naddress_sessions_per_min = 100000\naddress_messages_per_min = 100000\naddress_turns = 1000\n${providers.join('')}`, ['--log-filter', 'debug']);
  key = await server.key('admin');
});

test.afterAll(() => Promise.all([server.stop(), mock.stop(), faulty.stop()]));

async function call(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** An agent of this provider; its key. */
async function agentOf(provider: string, more: object = {}): Promise<string> {
  const config = { name: provider, agent_type: 'llm_agent', system_prompt: 'You help.', llm_config: { model: `${provider}/model-1` } };
  const made = await call('/api/v1/agent/', { system_config: config, is_public: true, allowed_origins: [ORIGIN], ...more }, { 'x-api-key': key });
  expect(made.status, await made.clone().text()).toBe(201);
  return (await made.json()).agent_key;
}

type Told = { text: string; events: { type: string; message?: string; code?: string; delta?: string }[]; took: number };

/** What a visitor is told of a question, to the end of the stream. */
async function visitorAsks(agentKey: string, content: string): Promise<Told> {
  const base = `/public/v1/agents/${agentKey}/sessions`;
  const started = await (await call(base, {}, { origin: ORIGIN })).json();
  const headers = { origin: ORIGIN, authorization: `Bearer ${started.token}`, accept: 'text/event-stream' };
  const asked = performance.now();
  const answer = await call(`${base}/${started.session_id}/messages`, { client_id: 'c-1', content }, headers);
  const text = await answer.text();
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => JSON.parse(line.slice(5)));
  return { text, events, took: performance.now() - asked };
}

/** What a back end is told of the same. */
async function keyAsks(agentKey: string, content: string): Promise<Record<string, any>> {
  const session = await (await call('/api/v1/sessions/from-agent/', { agent_key: agentKey }, { 'x-api-key': key })).json();
  const run = await call(`/api/v1/runtime/${session.session_id}/execute/`, { content }, { 'x-api-key': key });
  expect(run.status).toBe(200);
  return run.json();
}

/** Every breach of a failed question. */
async function breaches(name: string, agentKey: string, content: string): Promise<string[]> {
  const [told, run] = await Promise.all([visitorAsks(agentKey, content), keyAsks(agentKey, content)]);
  const ends = told.events.filter(({ type }) => type === 'RUN_ERROR' || type === 'RUN_FINISHED');
  const found: string[] = [];
  const check = (holds: boolean, what: string) => holds || found.push(`${name}: ${what}`);
  check(ends.length === 1, `${ends.length} terminal events: ${JSON.stringify(ends)}`);
  check(ends[0]?.type === 'RUN_ERROR' && SENTENCES.includes(ends[0].message ?? ''), `no kind sentence: ${JSON.stringify(ends[0])}`);
  check(told.took < PATIENCE_MS, `after ${Math.round(told.took)} ms`);
  check(run.success === false && ['error', 'timeout'].includes(run.status) && SENTENCES.includes(run.error), `a back end is told ${run.status}: ${run.error}`);
  for (const text of [told.text, JSON.stringify(run)]) {
    check(!text.includes(MARKER) && !text.includes(VENDOR_KEY) && !text.includes('127.0.0.1') && !/aimock|mock\.error/i.test(text.replaceAll(agentKey, '')), `the vendor's words: ${text.slice(-300)}`);
  }
  return found;
}

test('every vendor answers whole, in pieces of one letter, with its tokens', async () => {
  for (const kind of KINDS) {
    const agentKey = await agentOf(`${kind}_mock`);
    const told = await visitorAsks(agentKey, 'hello');
    const text = told.events.map(({ type, delta }) => (type === 'TEXT_MESSAGE_CONTENT' ? delta : '')).join('');
    expect(text, kind).toBe(HELLO);
    expect(told.events.at(-1)?.type, kind).toBe('RUN_FINISHED');
    const run = await keyAsks(agentKey, 'hello');
    expect([run.status, run.response.content, run.metadata.usage], kind).toEqual(['completed', HELLO, { input_tokens: 21, output_tokens: 7 }]);
  }
});

test('what a broken answer cost counts against the budget', async () => {
  for (const kind of KINDS) {
    const agentKey = await agentOf(`${kind}_mock`, { token_budget_per_day: 1 });
    const broken = await keyAsks(agentKey, 'truncate');
    expect(broken.status, kind).toBe('error');
    const session = await (await call('/api/v1/sessions/from-agent/', { agent_key: agentKey }, { 'x-api-key': key })).json();
    const refused = await call(`/api/v1/runtime/${session.session_id}/execute/`, { content: 'hello' }, { 'x-api-key': key });
    expect([refused.status, (await refused.json()).error.code], kind).toEqual([429, 'budget_exhausted']);
  }
});

test('a fault before the first word is tried again, and nobody sees it', async () => {
  for (const kind of KINDS) {
    const agentKey = await agentOf(`${kind}_mock`);
    mock.nextRequestError(503, { message: MARKER });
    const told = await visitorAsks(agentKey, 'hello');
    expect(told.text, kind).toContain('RUN_FINISHED');
    expect(told.text, kind).not.toContain('RUN_ERROR');
    expect(told.text, kind).not.toContain(MARKER);
  }
});

test('each fault of each vendor ends once, kindly, in time, and says nothing of the vendor', async () => {
  test.setTimeout(180_000);
  const cases: Promise<string[]>[] = [];
  for (const kind of KINDS) {
    const mocked = await agentOf(`${kind}_mock`);
    for (const word of MOCKED) cases.push(breaches(`${kind}, ${word}`, mocked, word));
    for (const fault of ['refused', ...Object.keys(FAULTS)]) {
      const agentKey = await agentOf(`${kind}_${slug(fault)}`);
      cases.push(breaches(`${kind}, ${fault}`, agentKey, 'hello'));
    }
  }
  expect((await Promise.all(cases)).flat()).toEqual([]);
  expect(cases.length).toBe(KINDS.length * (MOCKED.length + Object.keys(FAULTS).length + 1));
  expect(server.log).not.toContain(VENDOR_KEY);
});
