/**
 * The first thing that runs in the console's page: it sets light or dark before anything is painted and fetches glue and
 * WASM side by side. It knows no page. `cargo xtask` puts in the `__ATTHENE_..__` names.
 */
(() => {
  const page = document.documentElement;
  const kept = (/** @type {string} */ name) => {
    try {
      return localStorage.getItem('atthene.console.' + name);
    } catch {
      return null;
    }
  };
  const theme = kept('theme');
  const isDark = theme == 'dark' || (theme != 'light' && matchMedia('(prefers-color-scheme:dark)').matches);
  page.dataset.theme = isDark ? 'dark' : 'light';
  const isGerman = /^de\b/i.test(kept('language') || navigator.language);
  page.lang = isGerman ? 'de' : 'en';

  const wasm = fetch('/assets/__ATTHENE_WASM__', { integrity: '__ATTHENE_WASM_SRI__' });
  wasm.catch(() => {});
  import('/assets/__ATTHENE_GLUE__')
    .then((glue) => glue.default({ module_or_path: wasm }))
    .catch((error) => {
      console.error(error);
      const place = document.getElementById('boot');
      if (place) {
        place.textContent = isGerman
          ? 'Die Konsole konnte nicht geladen werden. Bitte laden Sie die Seite neu.'
          : 'The console could not be loaded. Please reload the page.';
      }
    });
})();
