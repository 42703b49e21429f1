// The form of one operation: its parameters and its body, filled with what is known, read as a request.
import { el, inline } from './dom.js';
import { address, toYaml } from './request.js';

const NAMES = { 'application/json': 'JSON', 'application/yaml': 'YAML', 'multipart/form-data': 'A form with files' };

export class RequestForm {
  #operation;
  #known;
  #rows = new Map();
  #kind;
  #live;

  constructor(operation, known) {
    this.#operation = operation;
    this.#known = known;
    this.#kind = operation.body?.kinds[0];
    this.node = el('div', {}, operation.parameters.map((given) => this.#parameter(given)), this.#body());
    // The choice between a whole answer and live events stands beside the button.
    this.#live = el('input', { type: 'checkbox', id: `live-${operation.id}` });
    this.live = operation.streams ? el('label', { for: this.#live.id }, this.#live, 'As live events') : null;
    this.#live.addEventListener('change', () => this.#askForStream());
    this.refresh();
  }

  /** Puts what is known by now into what nobody has touched. */
  refresh() {
    for (const { field, given } of this.#rows.values()) {
      if (!field.dataset.touched && given.in === 'path') field.value = this.#known.value(given.name);
    }
    if (this.text && !this.text.dataset.touched) this.text.value = this.#example();
  }

  #parameter(given) {
    const id = `${this.#operation.id}-${given.name}`;
    const choices = given.schema?.enum;
    const field = choices
      ? el('select', {}, el('option', { value: '' }, '(not sent)'), choices.map((choice) => el('option', {}, String(choice))))
      : el('input', { class: 'mono', type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: String(given.example ?? '') });
    field.id = id;
    field.required = given.required;
    field.setAttribute('aria-describedby', `${id}-hint`);
    const isAgent = ['agent', 'agent_id', 'agent_key', 'model'].includes(given.name);
    if (isAgent && !choices) field.setAttribute('list', 'agents');
    field.addEventListener('input', () => (field.dataset.touched = 'yes'));
    this.#rows.set(`${given.in} ${given.name}`, { field, given });
    const place = `${given.in}${given.required ? ', needed' : ''}`;
    return el('div', { class: 'row' },
      el('label', { for: id }, given.name, el('small', {}, place)),
      field,
      el('p', { class: 'hint', id: `${id}-hint` }, ...inline(given.description ?? '')));
  }

  #body() {
    const { body, id } = this.#operation;
    if (!body) return null;
    this.text = el('textarea', { id: `${id}-body`, spellcheck: 'false', autocomplete: 'off' });
    this.text.addEventListener('input', () => (this.text.dataset.touched = 'yes'));
    this.files = el('input', { type: 'file', multiple: true, 'aria-label': 'Files' });
    this.form = el('div', { hidden: true });
    const choose = el('select', { class: 'kinds end', 'aria-label': 'Type of the body' },
      body.kinds.map((kind) => el('option', { value: kind.type }, NAMES[kind.type] ?? kind.type)));
    choose.addEventListener('change', () => this.#choose(body.kinds.find((kind) => kind.type === choose.value)));
    const head = el('div', { class: 'head' }, el('label', { for: this.text.id }, 'Body'), body.kinds.length > 1 ? choose : null);
    this.fields = el('dl', { class: 'facts' });
    this.#tellFields();
    return el('div', { class: 'body' }, head, this.text, this.form,
      el('details', {}, el('summary', {}, 'Fields of the body'), this.fields));
  }

  #isForm() {
    return this.#kind?.type === 'multipart/form-data';
  }

  #choose(kind) {
    this.#kind = kind;
    this.text.hidden = this.#isForm();
    this.form.hidden = !this.#isForm();
    if (this.#isForm()) {
      const row = ({ name }) => el('label', { class: 'quiet' }, name,
        el('input', { class: 'mono', type: 'text', autocomplete: 'off', 'data-part': name, value: kind.example?.[name] ?? '' }));
      this.form.replaceChildren(...kind.fields.map(row), el('label', { class: 'quiet' }, 'Files', this.files));
    } else {
      this.text.value = this.#example();
    }
    this.#tellFields();
  }

  #tellFields() {
    const told = this.#kind.fields.flatMap((field) => [
      el('dt', {}, field.name),
      el('dd', {}, `${field.type}${field.required ? ', needed' : ''}. `, ...inline(field.words)),
    ]);
    this.fields.replaceChildren(...told);
    if (!told.length) this.fields.append(el('dt', {}, 'any'), el('dd', {}, 'See the example.'));
  }

  #example() {
    const example = this.#known.fill(this.#kind.example);
    this.text.rows = 4;
    const text = this.#kind.type === 'application/yaml' ? toYaml(example) : JSON.stringify(example, null, 2);
    this.text.rows = Math.min(16, text.split('\n').length + 1);
    return text;
  }

  /** Where the body says whether to stream, it is told so; elsewhere the `Accept` header does. */
  #askForStream() {
    if (!this.#saysStreamInBody()) return;
    try {
      const body = JSON.parse(this.text.value);
      if (this.#live.checked) body.stream = true;
      else delete body.stream;
      this.text.value = JSON.stringify(body, null, 2);
      this.text.dataset.touched = 'yes';
    } catch {
      // What cannot be read is for its writer to mend; the server says where.
    }
  }

  #saysStreamInBody() {
    return this.#kind?.fields.some((field) => field.name === 'stream') ?? false;
  }

  /** The first field that must be filled and is not. */
  missing() {
    return [...this.#rows.values()].map(({ field }) => field).find((field) => field.required && !field.value.trim());
  }

  /** What the form says, as plain data. */
  request() {
    const values = new Map([...this.#rows].map(([name, { field }]) => [name, field.value.trim()]));
    const headers = this.#operation.parameters
      .filter((given) => given.in === 'header' && values.get(`header ${given.name}`))
      .map((given) => [given.name, values.get(`header ${given.name}`)]);
    const streams = this.#live.checked;
    if (streams && !this.#saysStreamInBody()) headers.push(['accept', 'text/event-stream']);
    const request = { method: this.#operation.method, address: address(this.#operation, values), headers, streams };
    if (this.#isForm()) {
      const fields = [...this.form.querySelectorAll('[data-part]')].filter((field) => field.value);
      const parts = fields.map((field) => [field.dataset.part, field.value]);
      return { ...request, parts: [...parts, ...[...this.files.files].map((file) => ['file', file])] };
    }
    if (!this.text || (!this.text.value.trim() && !this.#operation.body.required)) return request;
    headers.push(['content-type', this.#kind.type]);
    return { ...request, text: this.text.value };
  }
}
