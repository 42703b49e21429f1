/**
 * How the second half of the console's WASM is fetched. It stands in the glue in the place of the module from which the
 * first half imports its loader; `wasm` is what the first half exports: memory, table and stack, which both share.
 * `cargo xtask` puts in the `__ATTHENE_..__` names.
 */
const late = {
  /** Calls back with whether the second half is there. One that failed can be asked for again. */
  async __wasm_split_load_late(/** @type {number} */ callback, /** @type {number} */ data) {
    let isHere = true;
    try {
      const file = fetch('/assets/__ATTHENE_LATE__', { integrity: '__ATTHENE_LATE_SRI__' });
      await WebAssembly.instantiateStreaming(file, { __wasm_split: wasm });
    } catch (error) {
      console.error(error);
      isHere = false;
    }
    wasm.__indirect_function_table.get(callback)(data, isHere);
  },
};
