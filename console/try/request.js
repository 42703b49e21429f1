// A request as plain data, the fetch and the curl for it. Neither holds the key but the fetch's header.

/** The path with its parameters and its query; a parameter without a value stays as the description has it. */
export function address(operation, values) {
  const path = operation.path.replace(/\{(\w+)\}/g, (hole, name) => {
    const value = values.get(`path ${name}`);
    return value ? encodeURIComponent(value) : hole;
  });
  const query = new URLSearchParams(
    operation.parameters
      .filter((given) => given.in === 'query' && values.get(`query ${given.name}`))
      .map((given) => [given.name, values.get(`query ${given.name}`)]),
  );
  return query.size ? `${path}?${query}` : path;
}

/** Asks this origin. No cookie goes along: what counts here is the key. */
export function send(request, key, signal) {
  const headers = new Headers(request.headers);
  headers.set('x-api-key', key);
  let body;
  if (request.parts) {
    body = new FormData();
    for (const [name, value] of request.parts) body.append(name, value);
  } else if (request.text !== undefined) {
    body = request.text;
  }
  const options = { method: request.method, headers, body, signal };
  return fetch(request.address, { ...options, credentials: 'omit', cache: 'no-store', redirect: 'error' });
}

/** The same for a shell. The key is a variable: what is copied may be shown. */
export function toCurl(request, url) {
  const streams = request.headers.some(([, value]) => value === 'text/event-stream') || request.streams;
  const lines = [`curl ${streams ? '-N ' : ''}${request.method === 'GET' ? '' : `-X ${request.method} `}${quoted(url + request.address)}`];
  lines.push('-H "x-api-key: $ATTHENE_KEY"');
  lines.push(...request.headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`));
  for (const [name, value] of request.parts ?? []) {
    lines.push(`-F ${quoted(value instanceof File ? `${name}=@${value.name}` : `${name}=${value}`)}`);
  }
  if (request.text !== undefined) lines.push(`--data-raw ${quoted(request.text)}`);
  return lines.join(' \\\n  ');
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value of JSON as YAML: what the examples hold, no more. */
export function toYaml(value, indent = '') {
  if (Array.isArray(value) && value.length) {
    return value.map((item) => `${indent}- ${nested(item, `${indent}  `)}`).join('\n');
  }
  if (value && typeof value === 'object' && Object.keys(value).length) {
    return Object.entries(value)
      .map(([name, item]) => {
        const isBlock = item && typeof item === 'object' && Object.keys(item).length > 0;
        return `${indent}${name}:${isBlock ? `\n${toYaml(item, `${indent}  `)}` : ` ${toYaml(item)}`}`;
      })
      .join('\n');
  }
  // A scalar of JSON is one of YAML; words that can be nothing else go without quotes.
  return typeof value === 'string' && /^[A-Za-z][\w ]*$/.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

const nested = (item, indent) => toYaml(item, indent).trimStart();
