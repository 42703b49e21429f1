// One operation on the page: what it is, its form, the curl for it, its answer, and what it may answer.
import { AnswerView } from './answer.js';
import { chip, copyButton, el, inline, words } from './dom.js';
import { RequestForm } from './form.js';
import { toCurl } from './request.js';

export class OperationView {
  #form;
  #curl = el('code', {});
  #answer = new AnswerView();
  #problem = el('p', { class: 'problem', role: 'alert' });
  #button = el('button', { class: 'btn go' }, 'Send');
  #running = null;

  constructor(operation, { known, key, publicUrl }) {
    this.#form = new RequestForm(operation, known);
    this.known = known;
    this.key = key;
    this.publicUrl = publicUrl;
    const form = el('form', { class: 'card', novalidate: true, 'aria-label': 'Request' },
      el('h2', {}, 'Request'), this.#form.node,
      el('div', { class: 'send' }, this.#button, this.#form.live, this.#problem));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    form.addEventListener('input', () => this.#write());
    form.addEventListener('change', () => this.#write());
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit();
    });
    this.node = el('article', {},
      el('h1', {}, operation.summary),
      el('p', { class: 'at' }, chip(operation.method), el('code', {}, operation.path),
        operation.also ? el('span', { class: 'quiet' }, 'also ', el('code', {}, operation.also)) : null),
      words(operation.description),
      form, this.#shell(), this.#answer.node, described(operation));
    this.refresh();
  }

  /** Takes in what was learned since it was last seen. */
  refresh() {
    this.#form.refresh();
    this.#write();
  }

  #shell() {
    return el('section', { class: 'card', 'aria-label': 'The same with curl' },
      el('div', { class: 'head' }, el('h2', {}, 'The same with curl'), copyButton(() => this.#curl.textContent)),
      el('pre', { tabindex: '0', 'aria-label': 'Command' }, this.#curl));
  }

  #write() {
    this.#problem.textContent = '';
    this.#curl.textContent = toCurl(this.#form.request(), this.publicUrl);
  }

  async #submit() {
    if (this.#running) {
      this.#running.abort();
      return;
    }
    const key = this.key();
    const missing = key ? this.#form.missing() : document.getElementById('key');
    if (missing) {
      this.#problem.textContent = key ? 'Fill in what is needed.' : 'Put in your API key first.';
      missing.focus();
      return;
    }
    this.#running = new AbortController();
    this.#button.textContent = 'Stop';
    const answer = await this.#answer.show(this.#form.request(), key, this.#running.signal);
    if (answer) this.known.learn(answer);
    this.#running = null;
    this.#button.textContent = 'Send';
  }
}

/** What the description says of the answers, with their examples. */
function described({ answers }) {
  const one = ({ status, description, kinds }) => el('details', {},
    el('summary', {}, el('span', { class: 'pill', 'data-tone': status.startsWith('2') ? 'good' : '' }, status), ' ', ...inline(description)),
    kinds.flatMap(({ type, example }) => [
      el('p', { class: 'quiet' }, type),
      el('pre', { tabindex: '0', 'aria-label': `Example of ${status}` }, typeof example === 'string' ? example : JSON.stringify(example, null, 2)),
    ]));
  return el('section', { class: 'card', 'aria-label': 'What it answers' }, el('h2', {}, 'What it answers'), answers.map(one));
}
