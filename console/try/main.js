// The page to try the API: the list of operations, the key, and the operation that the address names. The key is read
// from its field when a request is sent and is kept nowhere else: not in storage, not in an address.
import { readGroups } from './description.js';
import { chip, el, words } from './dom.js';
import { Known } from './known.js';
import { OperationView } from './operation.js';
import { send } from './request.js';

const KEY_FORM = /^atk_\w{20,}$/;
const TITLE = document.title;

const main = document.getElementById('main');
const list = document.getElementById('list');
const find = document.getElementById('find');
const menu = document.getElementById('menu');
const nav = document.getElementById('operations');
const keyField = document.getElementById('key');
const keySaid = document.getElementById('key-said');
const publicUrl = document.querySelector('meta[name=atthene-public-url]').content;

const key = () => keyField.value.trim();
const views = new Map();
let groups = [];
let known;
let asked = '';

function writeList() {
  const sections = groups.map((group) => el('section', {}, el('h2', {}, group.name),
    el('ul', {}, group.operations.map((operation) => el('li', {}, linkTo(operation, group))))));
  list.replaceChildren(...sections, el('p', { class: 'none', hidden: true }, 'Nothing has these words.'));
}

/** A line of the list. Where two operations do the same, the path tells them apart. */
function linkTo({ id, method, path, summary }, group) {
  const isTwin = group.operations.filter((other) => other.summary === summary).length > 1;
  const words = `${method} ${path} ${summary} ${id}`.toLowerCase();
  return el('a', { href: `#${id}`, 'data-words': words }, chip(method),
    el('span', {}, summary, isTwin ? el('small', {}, path.replace('/api/v1', '')) : null));
}

function filter() {
  const wanted = find.value.toLowerCase().split(/\s+/);
  for (const link of list.querySelectorAll('a')) {
    link.parentElement.hidden = !wanted.every((word) => link.dataset.words.includes(word));
  }
  for (const section of list.querySelectorAll('section')) section.hidden = !section.querySelector('li:not([hidden])');
  list.querySelector('.none').hidden = !!list.querySelector('section:not([hidden])');
}

function startView() {
  const link = (id, text) => el('a', { href: `#${id}` }, text);
  return el('article', {},
    el('h1', {}, 'Try the API'),
    words('Every call of a back end, ready to be sent to this server. What you send is real: it runs agents and changes what it says it changes.'),
    el('section', { class: 'card', 'aria-label': 'First steps' }, el('h2', {}, 'First steps'),
      el('ol', { class: 'steps' },
        el('li', {}, 'Make a key on the server, then put it in above.', el('pre', { tabindex: '0', 'aria-label': 'Command' }, 'atthene key create --name "Trying the API"')),
        el('li', {}, link('start_session', 'Start a session'), ' with one of your agents.'),
        el('li', {}, link('execute', 'Run a message'), ' in it. The session is filled in for you.'))),
    el('section', { class: 'card', 'aria-label': 'Dialects' }, el('h2', {}, 'Dialects'),
      el('dl', { class: 'facts' }, groups.flatMap((group) => [el('dt', {}, group.name), el('dd', {}, group.words)]))));
}

function show(moveFocus) {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id === 'main') return;
  const operation = groups.flatMap((group) => group.operations).find((candidate) => candidate.id === id);
  for (const link of list.querySelectorAll('a')) {
    if (operation && link.hash === `#${operation.id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (operation) {
    if (!views.has(id)) views.set(id, new OperationView(operation, { known, key, publicUrl }));
    views.get(id).refresh();
    main.replaceChildren(views.get(id).node);
  } else {
    main.replaceChildren(startView());
  }
  document.title = operation ? `${operation.summary} - ${TITLE}` : TITLE;
  openMenu(false);
  if (moveFocus) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
}

function openMenu(isOpen) {
  nav.toggleAttribute('data-open', isOpen);
  menu.setAttribute('aria-expanded', String(isOpen));
}

function sayOfKey(text, tone = '') {
  keySaid.textContent = text;
  keySaid.dataset.tone = tone;
}

/** Asks once what a new key may talk to: a mistake shows where it was made, and the agents are offered by name. */
async function tryKey() {
  const tried = key();
  if (tried === asked) return;
  asked = tried;
  if (!KEY_FORM.test(tried)) {
    if (tried) sayOfKey('A key begins with atk_ and is copied whole.', 'bad');
    else sayOfKey("It stays in this tab's memory and goes to this server alone.");
    return;
  }
  let answer;
  try {
    answer = await send({ method: 'GET', address: '/v1/models', headers: [] }, tried);
  } catch {
    sayOfKey('The server was not reached.', 'bad');
    return;
  }
  if (asked !== tried) return;
  const body = await answer.json().catch(() => null);
  if (answer.status === 403) sayOfKey('This key is good; it has no scope to talk to agents.', 'good');
  else if (!answer.ok) sayOfKey(body?.error?.message ?? `The server refused it: ${answer.status}.`, 'bad');
  else useAgents(body.data.map((model) => model.id));
}

function useAgents(agents) {
  sayOfKey(`This key is good for ${agents.length === 1 ? 'one agent' : `${agents.length} agents`}.`, 'good');
  document.getElementById('agents').replaceChildren(...agents.map((agent) => el('option', { value: agent })));
  if (agents.length) known.useAgent(agents[0]);
  for (const view of views.values()) view.refresh();
}

async function start() {
  try {
    groups = await readGroups();
  } catch (error) {
    main.replaceChildren(el('h1', {}, 'Try the API'), el('p', { class: 'words' }, error.message));
    return;
  }
  known = new Known(groups);
  document.getElementById('keybar').hidden = false;
  writeList();
  find.addEventListener('input', filter);
  menu.addEventListener('click', () => openMenu(!nav.hasAttribute('data-open')));
  keyField.addEventListener('change', tryKey);
  keyField.addEventListener('input', () => KEY_FORM.test(key()) && key().length >= 58 && tryKey());
  // Somebody may have been quicker than the document of the API.
  if (key()) tryKey();
  addEventListener('hashchange', () => show(true));
  show(false);
}

start();
