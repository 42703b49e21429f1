// @ts-check
/// <reference path="./chat-widget.d.ts" />
/**
 * The shim: the one script that a page loads. It defines `window.AttheneChat` at once, draws the launcher, keeps every
 * call until the WASM is there and fetches that late. It knows no conversation: the panel, its network, its storage and
 * its words are the WASM's.
 *
 * Every visitor of every page pays for these bytes before anything shows (goal: 2,700 after brotli), so the code is
 * written to compress: one `paint` for all that can change, the launcher's icons as borders. What the launcher can wait
 * for, hover and the unread badge, is in launcher.css, a part of the WASM's sheet. `cargo xtask` minifies this file and
 * puts in the `__ATTHENE_..__` names, the server its URL.
 *
 * @typedef {object} Panel what the WASM's `mount` returns
 * @property {() => void} open shows nothing by itself (the shim unhides the root); moves the focus in
 * @property {() => void} close
 * @property {(text: string) => Promise<AttheneChatMessage>} send
 * @property {(options: object) => void} set_options
 * @property {() => void} destroy
 */
(() => {
  const earlier = /** @type {any} */ (window.AttheneChat);
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const page = document.documentElement;
  const PREFIX = '[AttheneChat] ';
  const ignore = () => {};
  // Neither a listener of the page nor a fault of the WASM may stop the page's own code.
  /** @param {Function} call @param {any} [value] */
  const safely = (call, value) => {
    try {
      call(value);
    } catch (error) {
      console.error(error);
    }
  };

  // The middle number of `color(xyz-d65 X Y Z)` is the luminance that WCAG's contrast is made of, whatever form the colour
  // was given in; and it takes colours only, where CSS.supports('color', ..) takes `inherit` too.
  const inXyz = (/** @type {string} */ color) => `color-mix(in xyz,${color},${color})`;

  // Only what the launcher needs until the WASM is there. `:host` is !important because an important rule of the shadow
  // tree beats any rule of the page. Bubble and cross are borders: they need no SVG and keep their form under forced
  // colours. The wait is a long transition: that takes no keyframes.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    ':host{all:initial!important;position:fixed!important;z-index:var(--z)!important}' +
    '[hidden]{display:none!important}' +
    '.launch{position:fixed;bottom:20px;right:20px;width:60px;height:60px;' +
    'border:2px solid #0000;border-radius:50%;background:var(--accent);color:var(--on-accent);caret-color:' + inXyz('var(--accent)') + ';' +
    'box-shadow:0 2px 6px #0001,0 12px 28px #0003;cursor:pointer}' +
    ':host([data-position$=left]) .launch{left:20px;right:auto}' +
    '.launch:focus-visible{outline:3px solid var(--accent);outline-offset:3px}' +
    '.launch:before,.launch:after{position:absolute;inset:16px;border:2px solid}' +
    '.launch:before{content:"";border-radius:50% 50% 50% 5px}' +
    '.launch[aria-busy=true]:before{border-radius:50%;border-top-color:#0000;rotate:60turn;transition:rotate 60s linear}' +
    '@media(prefers-reduced-motion){.launch[aria-busy=true]:before{transition:none}}' +
    '.launch[aria-expanded=true]:before,.launch[aria-expanded=true]:after{content:"";inset:27px 16px auto;border-width:2px 0 0;border-radius:0;rotate:45deg}' +
    '.launch[aria-expanded=true]:after{rotate:-45deg}' +
    '@media(max-width:479px){.launch[aria-expanded=true]{display:none}}');

  /** What a right value looks like; every other option is text. @type {Record<string, string>} */
  const RULES = {
    agentKey: '[\\w-]+',
    position: 'bottom-right|bottom-left',
    theme: 'light|dark|auto',
    primaryColor: '#0066FF',
    autoOpen: 'true|false|\\d+',
    apiUrl: 'https?://.+',
    preload: 'auto|none',
    persistence: 'local|session|none',
    locale: '[\\w-]+',
    zIndex: '\\d+',
  };

  /** The options that can be used, as text; a word on the console about each that can't. */
  const checked = (/** @type {any} */ given) => {
    const good = /** @type {Record<string, string>} */ ({});
    given = { agentKey: '', ...given };
    for (const name in given) {
      const value = given[name];
      const text = String(value);
      const rule = RULES[name];
      if (value == null) continue;
      if (name == 'primaryColor' ? CSS.supports('color', inXyz(text)) : rule ? RegExp(`^(${rule})$`).test(text) : text === value) good[name] = text;
      else console.warn(PREFIX + name + ' must be like ' + (rule || 'text') + ', not', value);
    }
    return good;
  };

  /** The glue by server: one download for all widgets of the page. @type {Record<string, Promise<any>>} */
  const glues = {};
  let failures = 0;
  const loadGlue = async (/** @type {string} */ server) => {
    // A failed import may stay cached for as long as the page lives; under another query it is another module.
    const address = (/** @type {string} */ file) => new URL(file + (failures ? '?r=' + failures : ''), `${server}/widget/__ATTHENE_VERSION__/`).href;
    const wasm = fetch(address('__ATTHENE_WASM__'), { integrity: '__ATTHENE_WASM_SRI__' });
    wasm.catch(ignore);
    // import() takes no hash: the preload is checked, and the import is then served by it.
    const href = address('__ATTHENE_GLUE__');
    const link = document.createElement('link');
    await new Promise((onload, onerror) => {
      page.append(Object.assign(link, { rel: 'modulepreload', integrity: '__ATTHENE_GLUE_SRI__', crossOrigin: '', nonce: script?.nonce, href, onload, onerror }));
    }).finally(() => link.remove());
    const glue = await import(href);
    await glue.default({ module_or_path: wasm });
    return glue;
  };

  /** Every widget that had its `init`, by agent key; a refused one stays in, so that it is silent from then on. @type {Record<string, any>} */
  const widgets = Object.create(null);

  /** A widget that waits for its first options. The function takes options and gives the handle. */
  const create = () => {
    let /** @type {[string, Function, any?][]} */ listeners = [];
    let /** @type {Record<string, string>} */ passed = {};
    let /** @type {any} */ settings, /** @type {any} */ options, /** @type {any} */ asked;
    let /** @type {any} */ host, /** @type {any} */ launch, /** @type {any} */ root, /** @type {any} */ panel;
    let /** @type {Function} */ resolve, /** @type {Function} */ reject;
    let wanted = false, open = false, needed = false, unread = '', timer = 0;
    const dark = matchMedia('(prefers-color-scheme:dark)');
    const ready = new Promise((yes, no) => {
      resolve = yes;
      reject = no;
    });
    ready.catch(ignore);

    /** @param {string} name @param {any} [detail] */
    const emit = (name, detail) => {
      for (const entry of listeners) {
        if (entry[0] == name) {
          if (entry[2]) forget(entry);
          safely(entry[1], detail);
        }
      }
      dispatchEvent(new CustomEvent('atthenechat:' + name, { detail }));
    };
    const forget = (/** @type {any} */ entry) => {
      listeners = listeners.filter((other) => other != entry);
    };
    /** @param {string} name @param {Function} call @param {any} [once] */
    const on = (name, call, once) => {
      const entry = /** @type {[string, Function, any]} */ ([name, call, once]);
      listeners = [...listeners, entry];
      return () => forget(entry);
    };

    /** Everything on host and launcher that options, system and state decide. */
    const paint = () => {
      const token = (/** @type {string} */ name, /** @type {any} */ value) => host.style.setProperty(name, value, 'important');
      host.lang = options.locale;
      host.dataset.position = options.position;
      host.dataset.theme = options.theme != 'auto' ? options.theme : dark.matches ? 'dark' : 'light';
      token('--z', options.zIndex);
      token('--accent', options.primaryColor);
      // At a luminance of .179 black and white have the same contrast, 4.6:1.
      token('--on-accent', +getComputedStyle(launch).caretColor.split(' ')[2] > .179 ? '#000' : '#fff');
      launch.ariaExpanded = open;
      launch.ariaBusy = wanted != open;
      launch.ariaLabel = (/^de\b/i.test(host.lang) ? (open ? 'Chat schließen' : 'Chat öffnen') : open ? 'Close chat' : 'Open chat') + (unread && ` (${unread})`);
      root.hidden = !open;
    };

    /** What the page passed wins over the agent's settings, and these over the defaults. */
    const apply = () => {
      if (!host) return;
      options = {
        position: 'bottom-right', theme: 'auto', primaryColor: '#0066FF', zIndex: 2147483000, apiUrl: '__ATTHENE_URL__', locale: page.lang || navigator.language,
        ...settings, ...passed, explicit: Object.keys(passed),
      };
      options.apiUrl = options.apiUrl.replace(/\/$/, '');
      paint();
      safely(() => panel?.set_options(options));
    };

    const draw = () => {
      const add = (/** @type {any} */ parent, /** @type {string} */ name) => parent.appendChild(document.createElement(name));
      host = add(page, 'atthene-chat');
      const shadow = host.attachShadow({ mode: 'open' });
      shadow.adoptedStyleSheets = [sheet];
      launch = add(shadow, 'button');
      launch.className = 'launch';
      launch.onclick = handle.toggle;
      launch.onpointerenter = launch.onfocus = early;
      root = add(shadow, 'div');
      // The page's hotkeys are not for what is typed here.
      host.onkeydown = host.onkeyup = host.onkeypress = (/** @type {Event} */ event) => event.stopPropagation();
      dark.onchange = paint;
    };

    /** Takes the widget off the page. From then on `host` is null, for ever. */
    const remove = (/** @type {string} */ why) => {
      turn(false);
      reject(Error(why));
      dark.onchange = null;
      host?.remove();
      safely(() => panel?.destroy());
      host = panel = null;
    };

    const refuse = () => {
      if (!host) return;
      const message = `${location.origin} is refused: agentKey '${passed.agentKey}' is unknown, or (see Agent Settings) public access is off or Allowed Origin URL lacks this origin`;
      console.error(PREFIX + message);
      emit('error', { code: 'refused' });
      remove(message);
    };

    /** @param {string} path @param {RequestInit} [init] */
    const ask = (path, init) => fetch(options.apiUrl + '/public/v1/' + path, init);
    const askSettings = async () => {
      settings = await (await ask('agents/' + passed.agentKey)).json();
      apply();
    };
    // A page can't read a refusal, only that something answers. Then the settings are asked for once more, because the
    // line may just have come back. Rejects when nothing answers.
    const probe = async () => {
      await ask('ping', { mode: 'no-cors' });
      await askSettings().catch(refuse);
    };
    // 0: could not be reached; asked again when somebody opens.
    const know = () => (asked ||= askSettings().catch(probe).catch(() => (asked = 0)));

    /** On idle and on hover, focus or touch of the launcher, unless bytes are to be saved. */
    const early = () =>
      host && options.preload != 'none' && !(/** @type {any} */ (navigator).connection?.saveData) && asked !== 0 && know().then(() => asked && load());

    const load = async () => {
      needed = true;
      if (!host) return;
      know();
      const { apiUrl } = options;
      try {
        const glue = await (glues[apiUrl] ||= loadGlue(apiUrl));
        if (!host || panel) return;
        panel = /** @type {Panel} */ (glue.mount(root, options, seam));
        resolve(handle);
        emit('ready');
      } catch {
        failures++;
        delete glues[apiUrl];
        wanted = open;
        emit('error', { code: 'unreachable' });
      }
      sync();
    };

    /** Brings what is shown to what is wanted, as soon as there is a panel. */
    const sync = () => {
      if (!host) return;
      const changed = panel && wanted != open;
      if (changed) open = wanted;
      paint();
      if (changed) {
        safely(() => panel[open ? 'open' : 'close']());
        emit(open ? 'open' : 'close');
      }
    };

    const turn = (/** @type {boolean} */ want) => {
      clearTimeout(timer);
      wanted = want;
      if (want) load();
      sync();
    };

    const focusLauncher = () => launch.focus();

    /** What the WASM may ask of the shim. */
    const seam = {
      emit,
      focusLauncher,
      close: () => {
        turn(false);
        focusLauncher();
      },
      refused: () => probe().catch(ignore),
      settings: (/** @type {object} */ given) => {
        settings = given;
        apply();
      },
      setUnread: (/** @type {any} */ count) => {
        launch.dataset.unread = unread = count || '';
        paint();
      },
    };

    const handle = {
      version: '__ATTHENE_VERSION__',
      ready,
      init,
      open: () => turn(true),
      close: () => turn(false),
      toggle: () => turn(!wanted),
      isOpen: () => open,
      sendMessage: (/** @type {any} */ text) => {
        load();
        const sent = ready.then(() => panel.send(String(text)));
        sent.catch(ignore);
        return sent;
      },
      on,
      once: (/** @type {string} */ name, /** @type {Function} */ call) => on(name, call, 1),
      off: (/** @type {string} */ name, /** @type {Function=} */ call) => {
        listeners = listeners.filter((entry) => entry[0] != name || (call && entry[1] != call));
      },
      destroy: () => {
        remove('destroyed');
        emit('destroy');
        listeners = [];
        delete widgets[passed.agentKey];
        [first = create()] = Object.values(widgets);
      },
    };

    /** @param {any} [given] */
    const widget = (given) => {
      if (given && host !== null) {
        const { autoOpen } = Object.assign(passed, given);
        if (!host) draw();
        apply();
        (window.requestIdleCallback || setTimeout)(early);
        if (needed) load();
        if (autoOpen && autoOpen != 'false' && innerWidth > 479) timer = setTimeout(turn, autoOpen, true);
      }
      return handle;
    };
    return widget;
  };

  const init = (/** @type {any} */ given) => {
    const good = checked(given);
    const key = good.agentKey;
    return (key ? (widgets[key] ||= Object.values(widgets)[0] ? create() : first) : first)(key && good);
  };

  /** The widget that the global methods act on. */
  let /** @type {any} */ first = create();
  const chat = earlier?.version ? earlier : (window.AttheneChat = new Proxy(first(), { get: (_, name) => first()[name] }));
  if (script?.dataset.agentKey) chat.init(script.dataset);
  // Loaded twice: the one that is there goes on.
  if (chat == earlier) return;
  // What the stub of docs/EMBEDDING.md has kept.
  for (const [name, ...values] of earlier?.q || []) chat[name]?.(...values);
  dispatchEvent(new Event('atthenechat:load'));
})();
