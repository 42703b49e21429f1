// The playground's own script: it uses nothing but what docs/EMBEDDING.md promises to every page.
const options = document.getElementById('options');
const log = document.getElementById('log');
const EVENTS = ['ready', 'open', 'close', 'message', 'error', 'destroy'];

/** Only what is filled in: an option that is not passed comes from the agent's settings. */
function chosen() {
  const given = {};
  for (const [name, value] of new FormData(options)) {
    if (value === '') continue;
    given[name] = /^(true|false|\d+)$/.test(value) && /^(autoOpen|zIndex)$/.test(name) ? JSON.parse(value) : value;
  }
  return given;
}

function note(name, detail) {
  const line = document.createElement('li');
  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString();
  const what = document.createElement('b');
  what.textContent = name;
  line.append(time, ' ', what, detail === undefined ? '' : ' ' + JSON.stringify(detail));
  log.prepend(line);
}

function showSnippet(given) {
  const lines = Object.entries(given).map(([name, value]) => `  ${name}: ${typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : value},`);
  document.getElementById('snippet').textContent = ['AttheneChat.init({', ...lines, '});'].join('\n');
}

function start() {
  const given = chosen();
  showSnippet(given);
  for (const name of EVENTS) AttheneChat.on(name, (detail) => note(name, detail));
  AttheneChat.init(given);
}

options.addEventListener('change', () => {
  AttheneChat.destroy();
  start();
});
options.addEventListener('submit', (event) => event.preventDefault());

document.getElementById('methods').addEventListener('click', (event) => {
  const { method } = event.target.dataset;
  if (!method) return;
  if (method === 'init') {
    AttheneChat.destroy();
    start();
  } else if (method === 'isOpen') {
    note('isOpen()', AttheneChat.isOpen());
  } else {
    AttheneChat[method]();
  }
});

document.getElementById('message').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = new FormData(event.target).get('text');
  try {
    note('sendMessage() resolved', await AttheneChat.sendMessage(text));
  } catch (error) {
    note('sendMessage() rejected', String(error));
  }
});

document.getElementById('clear').addEventListener('click', () => log.replaceChildren());

start();
