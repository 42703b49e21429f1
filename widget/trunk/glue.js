// Development only: what the shim imports as its glue. Trunk has its own loader, which leaves the exports of the WASM
// in `window.wasmBindings`; this waits for it.
const started = window.wasmBindings ? Promise.resolve() : new Promise((done) => addEventListener('TrunkApplicationStarted', done, { once: true }));

export default () => started;
export const mount = (...values) => window.wasmBindings.mount(...values);
