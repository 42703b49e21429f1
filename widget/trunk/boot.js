// Development only: puts the demo page's content into Trunk's page and starts the shim from its source, with the values
// that `cargo xtask` and the server put in otherwise. The glue's name may be a whole address, so the shim knows nothing of this.
const API = 'http://127.0.0.1:8080';
const here = (file) => new URL(file, document.baseURI).href;
const text = async (file) => (await fetch(here(file))).text();

const shop = new DOMParser().parseFromString(await text('/shop/index.html'), 'text/html');
document.body.prepend(...[...shop.body.children].filter((element) => element.localName !== 'script'));

// The file given as WASM is only there to be fetched: Trunk loads the real one, see glue.js.
const values = { URL: API, VERSION: 'dev', GLUE: here('/glue.js'), WASM: here('/glue.js'), GLUE_SRI: '', WASM_SRI: '' };
const shim = document.createElement('script');
shim.textContent = (await text('/chat-widget.js')).replace(/__ATTHENE_([A-Z_]+?)__/g, (_, name) => values[name]);
document.head.append(shim);

AttheneChat.init({ agentKey: 'demo', position: 'bottom-right', theme: 'light' });
