// What earlier answers told: the agents of the key, the session and the turn of late. It fills fields that are still
// empty and takes the place of the description's examples. In memory alone.

/** The form of ids, and the parameters that take one. Keys are left out: nobody should revoke one by habit. */
const IDS = [
  [/^sess_[0-9a-f]{32}$/, ['session_id', 'chat_id']],
  [/^run_[0-9a-f]{32}$/, ['run_id']],
];
const AGENT = ['agent', 'agent_id', 'agent_key', 'model'];
const DEEPEST = 6;

export class Known {
  #values = new Map();
  /** The description's example -> the parameter that it stands for. */
  #examples = new Map();

  constructor(groups) {
    const parameters = groups.flatMap((group) => group.operations).flatMap((operation) => operation.parameters);
    for (const parameter of parameters.filter((given) => given.in === 'path')) {
      this.#examples.set(parameter.example, parameter.name);
    }
  }

  /** The agent that is meant where none is named. */
  useAgent(agentKey) {
    for (const name of AGENT) this.#values.set(name, agentKey);
  }

  /** What is known for a parameter. */
  value(name) {
    return this.#values.get(name) ?? '';
  }

  /** Keeps the ids of an answer; the first of each kind counts. */
  learn(answer) {
    const found = new Map();
    collect(answer, found, DEEPEST);
    for (const [name, value] of found) this.#values.set(name, value);
  }

  /** An example with what is known in place of what is made up. */
  fill(example) {
    if (Array.isArray(example)) return example.map((item) => this.fill(item));
    if (example && typeof example === 'object') {
      return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, this.fill(value)]));
    }
    return this.#values.get(this.#examples.get(example)) ?? example;
  }
}

function collect(value, found, depth) {
  if (depth === 0) return;
  if (value && typeof value === 'object') {
    for (const inner of Object.values(value)) collect(inner, found, depth - 1);
  } else if (typeof value === 'string') {
    const names = IDS.find(([form]) => form.test(value))?.[1] ?? [];
    for (const name of names) if (!found.has(name)) found.set(name, value);
  }
}
