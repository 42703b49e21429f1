// What came back: status, headers, and the body as it arrives.
import { copyButton, el } from './dom.js';
import { send } from './request.js';

export class AnswerView {
  #status = el('span', { class: 'pill' });
  #told = el('span', { class: 'quiet' });
  #headers = el('dl', { class: 'facts' });
  #body = el('pre', { tabindex: '0', 'aria-label': 'Body of the answer' });
  #details = el('details', {}, el('summary', {}, 'Headers'), this.#headers);

  constructor() {
    const said = el('div', { class: 'head', role: 'status' }, this.#status, this.#told);
    this.node = el('section', { class: 'card', 'aria-label': 'Answer', hidden: true },
      el('div', { class: 'head' }, el('h2', {}, 'Answer'), said, copyButton(() => this.#body.textContent)),
      this.#details, this.#body);
  }

  /** Sends a request and shows its answer; gives the body where it is JSON. */
  async show(request, key, signal) {
    const started = performance.now();
    this.node.hidden = false;
    this.#say('...', '', 'Waiting for the answer.');
    this.#details.hidden = true;
    this.#body.hidden = true;
    this.#body.textContent = '';
    let answer;
    try {
      answer = await send(request, key, signal);
      this.#head(answer);
      const text = await this.#read(answer);
      this.#say(...statusOf(answer), `${Math.round(performance.now() - started)} ms, ${text.length} characters`);
      return this.#settle(answer, text);
    } catch (error) {
      this.#fail(answer, error, signal);
      return null;
    }
  }

  #say(status, tone, told) {
    this.#status.textContent = status;
    this.#status.dataset.tone = tone;
    this.#told.textContent = told;
  }

  #head(answer) {
    this.#say(...statusOf(answer), 'The answer is coming in.');
    this.#headers.replaceChildren(...[...answer.headers].flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
    this.#details.hidden = false;
  }

  /** Shows the body while it arrives: a stream is there to be seen. */
  async #read(answer) {
    if (!answer.body) return '';
    const shown = document.createTextNode('');
    this.#body.replaceChildren(shown);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return shown.data;
      this.#body.hidden = false;
      const isAtEnd = this.#body.scrollHeight - this.#body.scrollTop - this.#body.clientHeight < 40;
      shown.appendData(value);
      if (isAtEnd) this.#body.scrollTop = this.#body.scrollHeight;
    }
  }

  #settle(answer, text) {
    if (!text) {
      this.#body.hidden = false;
      this.#body.textContent = 'No body.';
      return null;
    }
    if (!answer.headers.get('content-type')?.includes('json')) return null;
    try {
      const value = JSON.parse(text);
      this.#body.textContent = JSON.stringify(value, null, 2);
      this.#body.scrollTop = 0;
      return value;
    } catch {
      return null;
    }
  }

  #fail(answer, error, signal) {
    if (signal.aborted) {
      this.#say('Stopped', '', 'You stopped reading. A turn that had begun goes on.');
    } else if (answer) {
      this.#say(...statusOf(answer), 'The answer broke off.');
    } else if (error instanceof TypeError && /header/i.test(error.message)) {
      this.#say('Not sent', 'bad', 'The key or a header holds a character that cannot be sent.');
    } else {
      this.#say('No answer', 'bad', 'The server was not reached. Look whether it runs, then send again.');
    }
  }
}

function statusOf(answer) {
  return [`${answer.status} ${answer.statusText}`.trim(), answer.ok ? 'good' : 'bad'];
}
