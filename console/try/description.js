// The API's description as the page needs it: operations by dialect, with parameters, bodies and answers. Only what an
// API key may call is on this origin, so only that is kept.

const OTHER_PATH = '_by_other_path';
const EVENTS = 'text/event-stream';

/** Reads the document: `[{name, words, operations}]`. */
export async function readGroups() {
  const answer = await fetch('/api/v1/openapi.json', { credentials: 'omit' });
  if (!answer.ok) throw new Error(`The description could not be read: ${answer.status}.`);
  return groups(await answer.json());
}

function groups(document) {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, about]) => ({ path, method: method.toUpperCase(), about })),
  );
  const ofKeys = all.filter(({ about }) => about.security.some((scheme) => 'apiKey' in scheme));
  const also = new Map(ofKeys.map(({ about, path }) => [about.operationId, path]));
  const operations = ofKeys
    .filter(({ about }) => !about.operationId.endsWith(OTHER_PATH))
    .map((found) => operation(document, found, also.get(found.about.operationId + OTHER_PATH)));
  return document.tags
    .map(({ name, description }) => ({
      name,
      words: description,
      operations: operations.filter(({ tag }) => tag === name),
    }))
    .filter((group) => group.operations.length > 0);
}

function operation(document, { path, method, about }, also) {
  const answers = Object.entries(about.responses).map(([status, given]) => {
    const { description, content } = follow(document, given);
    return { status, description, kinds: kinds(document, content) };
  });
  return {
    id: about.operationId,
    tag: about.tags[0],
    path,
    also,
    method,
    summary: about.summary,
    description: about.description,
    parameters: about.parameters.map((given) => follow(document, given)),
    body: about.requestBody && {
      required: about.requestBody.required,
      kinds: kinds(document, about.requestBody.content),
    },
    answers,
    streams: answers.some((answer) => answer.kinds.some(({ type }) => type === EVENTS)),
  };
}

function kinds(document, content = {}) {
  return Object.entries(content).map(([type, { schema, example }]) => ({
    type,
    example,
    fields: fields(document, schema),
  }));
}

/** The fields of a form, one by one: name, type, words, whether it must be there. */
function fields(document, schema) {
  const whole = follow(document, schema);
  const parts = [whole, ...(whole?.allOf ?? []), ...(whole?.oneOf ?? [])].map((part) => follow(document, part));
  const found = new Map();
  for (const part of parts) {
    for (const [name, given] of Object.entries(part?.properties ?? {})) {
      const field = follow(document, given);
      found.set(name, {
        name,
        type: typeOf(field),
        words: given.description ?? field?.description ?? '',
        required: part.required?.includes(name) ?? false,
      });
    }
  }
  return [...found.values()];
}

function typeOf(schema) {
  if (schema?.enum) return schema.enum.map(String).join(' | ');
  return [schema?.type ?? []].flat().join(' | ') || 'any';
}

function follow(document, value) {
  const at = value?.$ref;
  if (!at) return value;
  const found = at.slice(2).split('/').reduce((node, step) => node?.[step], document);
  return follow(document, found);
}
