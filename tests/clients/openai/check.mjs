// The official `openai` package for JavaScript against /v1: whole, streams, images, models, errors.

import OpenAI from 'openai';

const { ATTHENE_URL, ATTHENE_KEY, ATTHENE_AGENT } = process.env;
if (!ATTHENE_URL || !ATTHENE_KEY || !ATTHENE_AGENT) {
  console.error('set ATTHENE_URL, ATTHENE_KEY, ATTHENE_AGENT: see tests/clients/README.md');
  process.exit(1);
}

const model = ATTHENE_AGENT;
const messages = [{ role: 'user', content: 'What can you do?' }];
const client = new OpenAI({ baseURL: `${ATTHENE_URL}/v1`, apiKey: ATTHENE_KEY, maxRetries: 5, timeout: 60_000 });
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
let held = 0;
let broken = 0;

function that(holds, name, found = '') {
  if (holds) {
    held += 1;
    console.log(`ok   openai-js: ${name}`);
  } else {
    broken += 1;
    const what = typeof found === 'string' ? found : JSON.stringify(found);
    console.log(`FAIL openai-js: ${name} -- ${String(what).slice(0, 400)}`);
  }
}

function addsUp(usage) {
  return usage && usage.total_tokens === usage.prompt_tokens + usage.completion_tokens && usage.completion_tokens > 0;
}

async function attempt(name, work) {
  try {
    await work();
  } catch (problem) {
    that(false, `${name} runs to its end`, `${problem?.name}: ${problem?.message}`);
  }
}

async function chunksOf(request) {
  const chunks = [];
  for await (const chunk of await client.chat.completions.create({ model, messages, stream: true, ...request })) {
    chunks.push(chunk);
  }
  return chunks;
}

async function refused(name, kind, work, hasCode = false) {
  try {
    await work();
    that(false, `${name} throws ${kind.name}`, 'it was answered');
  } catch (problem) {
    that(problem?.constructor === kind, `${name} throws ${kind.name}`, `${problem?.constructor?.name}: ${problem?.message}`);
    const body = problem?.error ?? {};
    that(Boolean(body.message && body.type), `${name}: message and type can be read`, body);
    that('param' in body && 'code' in body, `${name}: param and code are there`, body);
    if (hasCode) that(Boolean(problem.code), `${name}: it has a code`, body);
  }
}

await attempt('whole', async () => {
  const answer = await client.chat.completions.create({ model, messages });
  that(answer.object === 'chat.completion', 'whole: the object is a completion', answer);
  that(answer.model === model, 'whole: model is the agent_key', answer.model);
  that(Math.abs(answer.created - Date.now() / 1000) < 120, 'whole: created is now in seconds', answer.created);
  that(answer.choices.length === 1 && answer.choices[0].index === 0, 'whole: there is one choice', answer.choices);
  that(answer.choices[0].message.role === 'assistant', 'whole: the assistant speaks', answer.choices);
  that(Boolean(answer.choices[0].message.content), 'whole: it says something', answer.choices);
  that(answer.choices[0].finish_reason === 'stop', 'whole: it finished', answer.choices);
  that(addsUp(answer.usage), 'whole: usage adds up', answer.usage);
  const many = await Promise.all(Array.from({ length: 8 }, () => client.chat.completions.create({ model, messages })));
  that(new Set(many.map((one) => one.id)).size === 8, 'eight at once have eight ids', many.length);
});

await attempt('streamed', async () => {
  const chunks = await chunksOf({});
  const spoken = chunks.flatMap((chunk) => chunk.choices);
  that(chunks.length > 2, 'streamed: there are several chunks', chunks.length);
  that(chunks.every((one) => one.object === 'chat.completion.chunk'), 'streamed: all are chunks');
  that(new Set(chunks.map((one) => one.id)).size === 1, 'streamed: all have one id');
  that(spoken[0]?.delta.role === 'assistant', 'streamed: the first delta names the assistant', spoken[0]);
  that(spoken.map((one) => one.delta.content ?? '').join('') !== '', 'streamed: the deltas are a text');
  that(spoken.filter((one) => one.finish_reason).length === 1, 'streamed: one chunk says that it is over');
  that(spoken.at(-1)?.finish_reason === 'stop', 'streamed: the last one says stop', spoken.at(-1));
  that(!chunks.some((one) => one.usage), 'streamed: no usage unless it is asked for');
  const counted = await chunksOf({ stream_options: { include_usage: true } });
  that(counted.filter((one) => one.usage).length === 1, 'streamed with usage: it comes once');
  that(counted.at(-1).choices.length === 0 && addsUp(counted.at(-1).usage), 'streamed with usage: last, and it adds up', counted.at(-1));
  const text = await client.chat.completions.stream({ model, messages }).finalContent();
  that(Boolean(text), 'the stream helper puts the answer together', text);
});

await attempt('image', async () => {
  const content = [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: PIXEL } },
  ];
  try {
    const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] });
    that(Boolean(answer.choices[0].message.content), 'an image part is answered', answer);
  } catch (problem) {
    const isRefusal = [400, 422].includes(problem.status) && /image/i.test(problem.message);
    that(isRefusal, 'an image is refused because this model cannot see', problem.message);
  }
});

await attempt('models', async () => {
  const ids = [];
  for await (const one of client.models.list()) ids.push(one.id);
  that(ids.includes(model), 'models: the agent_key is in the list', ids);
  const one = await client.models.retrieve(model);
  that(one.id === model && one.object === 'model', 'one model by its name', one);
  that(Number.isInteger(one.created) && typeof one.owned_by === 'string', 'a model has created and owned_by', one);
});

await attempt('errors', async () => {
  const create = (more) => client.chat.completions.create({ model, messages, ...more });
  const wrong = client.withOptions({ apiKey: 'atk_live_wrong' });
  await refused('a wrong key', OpenAI.AuthenticationError, () => wrong.chat.completions.create({ model, messages }), true);
  await refused('a wrong key for the models', OpenAI.AuthenticationError, () => wrong.models.list(), true);
  await refused('an unknown model', OpenAI.NotFoundError, () => create({ model: 'no-such-agent' }), true);
  await refused('an unknown model for a stream', OpenAI.NotFoundError, () => create({ model: 'no-such-agent', stream: true }), true);
  await refused('retrieving an unknown model', OpenAI.NotFoundError, () => client.models.retrieve('no-such-agent'), true);
  await refused('no messages', OpenAI.BadRequestError, () => create({ messages: [] }));
  await refused('a text as messages', OpenAI.BadRequestError, () => create({ messages: 'Hi' }));
  await refused('an unknown role', OpenAI.BadRequestError, () => create({ messages: [{ role: 'king', content: 'Hi' }] }));
  await refused('a word as temperature', OpenAI.BadRequestError, () => create({ temperature: 'hot' }));
});

console.log(`openai-js: ${held} held, ${broken} broken`);
process.exit(held > 0 && broken === 0 ? 0 : 1);
