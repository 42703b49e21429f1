// The official `@ag-ui/client` against /agui: runs, threads, joining, cancelling, errors, visitors.

import { HttpAgent } from '@ag-ui/client';

const { ATTHENE_URL, ATTHENE_KEY, ATTHENE_AGENT, ATTHENE_SLOW_MODEL } = process.env;
if (!ATTHENE_URL || !ATTHENE_KEY || !ATTHENE_AGENT || !ATTHENE_SLOW_MODEL) {
  console.error('set ATTHENE_URL, ATTHENE_KEY, ATTHENE_AGENT, ATTHENE_SLOW_MODEL: see tests/clients/README.md');
  process.exit(1);
}

const ORIGIN = 'https://shop.example';
const KEY = { 'x-api-key': ATTHENE_KEY };
const warnings = [];
console.warn = (...words) => warnings.push(words.join(' '));
// It tells every run that ends with an error; those are looked at here.
console.error = () => {};
let held = 0;
let broken = 0;

function that(holds, name, found = '') {
  if (holds) {
    held += 1;
    console.log(`ok   agui-js: ${name}`);
  } else {
    broken += 1;
    const what = typeof found === 'string' ? found : JSON.stringify(found);
    console.log(`FAIL agui-js: ${name} -- ${String(what).slice(0, 400)}`);
  }
}

async function attempt(name, work) {
  try {
    await work();
  } catch (problem) {
    that(false, `${name} runs to its end`, `${problem?.name}: ${problem?.message}`);
  }
}

async function rest(method, path, body, headers = KEY) {
  const answer = await fetch(ATTHENE_URL + path, {
    method,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}

// An agent with one of the vendor's models; its key.
async function agentOf(model, more = {}) {
  const system_config = {
    name: `AG-UI ${model}`,
    agent_type: 'llm_agent',
    system_prompt: 'Be brief.',
    llm_config: { model: ATTHENE_SLOW_MODEL.replace(/slow$/, model) },
    ...more,
  };
  return (await rest('POST', '/api/v1/agent/', { system_config })).agent_key;
}

function agentAt(key, options = {}) {
  return new HttpAgent({ url: `${ATTHENE_URL}/agui/${key}`, headers: KEY, ...options });
}

function say(agent, content) {
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content });
}

// Runs, and tells what the subscriber saw.
async function watch(agent, parameters, more = {}) {
  const seen = { kinds: [], text: '' };
  const result = await agent.runAgent(parameters, {
    onEvent: ({ event }) => {
      seen.kinds.push(event.type);
      if (event.type === 'RUN_STARTED') seen.started = event;
      if (event.type === 'RUN_FINISHED') seen.finished = event;
      if (event.type === 'RUN_ERROR') seen.error = event;
      if (event.type === 'TEXT_MESSAGE_CONTENT') seen.text += event.delta;
      more[event.type]?.(event);
    },
  });
  return { ...seen, ...result };
}

async function refused(name, status, code, work) {
  try {
    await work();
    that(false, `${name}: ${status}`, 'it was answered');
  } catch (problem) {
    that(problem.status === status, `${name}: ${status}`, `${problem.status} ${problem.message}`);
    that(problem.payload?.error?.code === code, `${name}: the code is ${code}`, problem.payload);
  }
}

await attempt('a run', async () => {
  const agent = agentAt(ATTHENE_AGENT);
  say(agent, 'What can you do?');
  const seen = await watch(agent, { runId: 'a-run' });
  that(seen.kinds[0] === 'RUN_STARTED' && seen.kinds.at(-1) === 'RUN_FINISHED', 'a run: from its start to its end', seen.kinds);
  that(seen.started.threadId === agent.threadId && seen.started.runId === 'a-run', 'a run: under the names of the client', seen.started);
  that(seen.started.protocolVersion === '1.0', 'a run: the version is told', seen.started);
  that(seen.finished.outcome?.type === 'success', 'a run: it succeeded', seen.finished);
  that(seen.newMessages.length === 1 && seen.newMessages[0].role === 'assistant', 'a run: one new message', seen.newMessages);
  that(seen.newMessages[0].content === seen.text && seen.text !== '', 'a run: its text is the events', seen.newMessages);
});

await attempt('a thread', async () => {
  const agent = agentAt(await agentOf('counts'));
  const texts = [];
  for (const question of ['One', 'Two', 'Three']) {
    say(agent, question);
    texts.push((await watch(agent)).text);
  }
  that(texts.join() === 'I read 1 message,I read 3 messages,I read 5 messages', 'a thread: the server knows the history', texts);
  that(agent.messages.length === 6, 'a thread: the client has it, too', agent.messages);
  const other = agentAt(agent.url.split('/').at(-1));
  say(other, 'One');
  that((await watch(other)).text === 'I read 1 message', 'a thread: another one begins anew');
  const again = await watch(agent);
  that(again.text === '' && again.newMessages.length === 0, 'a thread: what is answered is not asked again', again);
  that(agent.messages.at(-1).content === 'I read 5 messages', 'a thread: and the answer stays as it is', agent.messages);
});

await attempt('cancel', async () => {
  const key = await agentOf('slow');
  const agent = agentAt(key);
  say(agent, 'Slowly');
  let session;
  const cut = await watch(agent, {}, {
    RUN_STARTED: (event) => (session = event.metadata.sessionId),
    TEXT_MESSAGE_CONTENT: () => agent.abortRun(),
  });
  that(cut.finished === undefined, 'abort: the client has left', cut.kinds);
  const status = await rest('GET', `/api/v1/runtime/${session}/status/`);
  that(status.status === 'processing', 'abort: the turn goes on', status);
  const impatient = agentAt(key, { threadId: agent.threadId });
  say(impatient, 'Something else');
  await refused('another message meanwhile', 409, 'turn_running', () => impatient.runAgent());
  const joined = await watch(agent, {}, {
    TEXT_MESSAGE_CONTENT: () => rest('POST', `/api/v1/runtime/${session}/stop/`),
  });
  that(joined.finished?.outcome?.type === 'cancelled', 'stop: the run is cancelled', joined.finished);
  const kept = await rest('GET', `/api/v1/runtime/${session}/messages/`);
  that(kept.total === 2, 'stop: asked once', kept.total);
  const shown = agent.messages.at(-1).content;
  that(shown === kept.messages[1].content, 'stop: the client shows what is kept, nothing twice', `${shown} | ${kept.messages[1].content}`);
});

await attempt('an interrupt', async () => {
  const agent = agentAt(await agentOf('asks', { agent_type: 'react_agent', tools: ['ask_human'] }));
  const ask = async (question) => {
    say(agent, question);
    const seen = await watch(agent);
    that(seen.finished?.outcome?.type === 'interrupt', `${question}: the run waits`, seen.finished);
    that(agent.pendingInterrupts.length === 1, `${question}: the client knows of it`, agent.pendingInterrupts);
    return agent.pendingInterrupts[0];
  };
  const open = await ask('A shirt');
  that(open.message === 'Which colour?' && open.metadata?.choices?.join() === 'Blue,Red', 'an interrupt: question and choices', open);
  that(agent.messages.at(-1).content.includes('Which colour?'), 'an interrupt: the question is shown', agent.messages.at(-1));
  const bypass = agentAt(agent.url.split('/').at(-1), { threadId: agent.threadId });
  say(bypass, 'Never mind');
  await refused('a message while it waits', 409, 'waiting_for_input', () => bypass.runAgent());
  const resume = [{ interruptId: open.id, status: 'resolved', payload: { answer: 'Blue' } }];
  const answered = await watch(agent, { resume });
  that(answered.finished?.outcome?.type === 'success', 'an answer: the run succeeds', answered.finished);
  that(answered.text === 'You chose Blue', 'an answer: it reaches the model', answered.text);
  that(agent.pendingInterrupts.length === 0, 'an answer: nothing is open any more', agent.pendingInterrupts);
  const second = await ask('A hat');
  const gone = await watch(agent, { resume: [{ interruptId: second.id, status: 'cancelled' }] });
  that(gone.finished?.outcome?.type === 'cancelled', 'no answer: the run is cancelled', gone.finished);
  await ask('A scarf');
});

await attempt('errors', async () => {
  const broken = agentAt(await agentOf('fails'));
  say(broken, 'Fail');
  const seen = await watch(broken);
  that(seen.error?.message && seen.error.code, 'a model that fails: RUN_ERROR with a code', seen);
  that(!JSON.stringify(seen).includes('vendor-marker'), 'a model that fails: no word of the vendor', seen.error);
  const one = (options, key = ATTHENE_AGENT) => {
    const agent = agentAt(key, options);
    say(agent, 'Hello');
    return () => agent.runAgent();
  };
  await refused('a wrong key', 401, 'api_key_invalid', one({ headers: { 'x-api-key': 'atk_live_wrong' } }));
  await refused('an unknown agent', 404, 'not_found', one({}, 'no-such-agent'));
  await refused('a key in a page', 403, 'secret_key_in_browser', one({ headers: { ...KEY, Origin: ORIGIN } }));
  await refused('nobody', 403, 'origin_required', one({ headers: {} }));
  await refused('nothing to ask', 422, 'run_input', () => agentAt(ATTHENE_AGENT).runAgent());
});

await attempt('a visitor', async () => {
  const start = () => rest('POST', `/public/v1/agents/${ATTHENE_AGENT}/sessions`, {}, { Origin: ORIGIN });
  const [mine, theirs] = [await start(), await start()];
  const page = (session, token) =>
    agentAt(ATTHENE_AGENT, { threadId: session, headers: { Origin: ORIGIN, Authorization: `Bearer ${token}` } });
  const agent = page(mine.session_id, mine.token);
  say(agent, 'Hello');
  const seen = await watch(agent);
  that(seen.finished?.outcome?.type === 'success' && seen.text !== '', 'a visitor runs their session', seen.kinds);
  const stranger = page(theirs.session_id, mine.token);
  say(stranger, 'Hello');
  await refused('the session of another visitor', 404, 'not_found', () => stranger.runAgent());
});

that(warnings.length === 0, 'the client has nothing to strip or to warn of', warnings);
console.log(`agui-js: ${held} held, ${broken} broken`);
process.exit(held > 0 && broken === 0 ? 0 : 1);
