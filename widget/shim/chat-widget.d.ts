// Types of `window.AttheneChat`, as /chat-widget.js defines it. A script, not a module: put it among your project's type
// roots or point to it with `/// <reference path="chat-widget.d.ts" />`.

/** What `AttheneChat.init` takes. What is left out comes from the agent's settings, then from the default. */
interface AttheneChatOptions {
  /** The public name of the agent. The only option that must be there. */
  agentKey: string;
  /** The corner of the launcher. Default `'bottom-right'`. */
  position?: 'bottom-right' | 'bottom-left';
  /** `'auto'` (the default) follows the visitor's system, live. */
  theme?: 'light' | 'dark' | 'auto';
  /** Any CSS colour; text on it turns black or white by contrast. Default `'#0066FF'`. */
  primaryColor?: string;
  /** The assistant's first words. */
  welcomeMessage?: string;
  /** The hint in the empty input. */
  placeholder?: string;
  /** `true` or a delay in milliseconds opens the chat by itself; never on screens under 480 px. Default `false`. */
  autoOpen?: boolean | number;
  /** The title of the panel. */
  title?: string;
  /** The line under the title. */
  subtitle?: string;
  /** The address of a picture of the assistant. */
  avatar?: string;
  /** Your AttheneChat server. Default: the one that the script was served by. */
  apiUrl?: string;
  /** `'none'` asks the server for nothing before the chat is opened. Default `'auto'`: when the page is idle. */
  preload?: 'auto' | 'none';
  /** BCP 47, for example `'de-AT'`. Default: the page's `lang`, then the browser's language. */
  locale?: string;
  /** Where the conversation is kept: across tabs and visits, for this tab, or not at all. Default `'local'`. */
  persistence?: 'local' | 'session' | 'none';
  /** Where the chat lies above the page. Default `2147483000`. */
  zIndex?: number;
}

/** One complete message. */
interface AttheneChatMessage {
  id: string;
  role: 'user' | 'assistant';
  type: 'user_message' | 'assistant_message';
  /** Plain text from the visitor, Markdown from the assistant. */
  content: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  sessionId: string;
}

/** The assistant waits for an answer; whatever the visitor sends next is it. */
interface AttheneChatQuestion {
  interruptId: string;
  /** The question. */
  message: string;
  /** Answers to choose from; any other text is an answer as well. */
  choices: string[];
  sessionId: string;
}

/** What the visitor thinks of an answer; kept by the server. */
interface AttheneChatFeedback {
  messageId: string;
  /** `null`: taken back. */
  rating: 'up' | 'down' | null;
}

/** Something did not work; the visitor has been told where it concerns them. */
interface AttheneChatProblem {
  /** `refused`: this page may not show the agent. `unreachable`: the server does not answer. Others come from the server. */
  code: string;
  message?: string;
}

/** The events and what their listeners get. */
interface AttheneChatEvents {
  /** The chat is loaded and can be opened without a wait. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** Once per complete message, the visitor's own included. */
  message: AttheneChatMessage;
  'input-required': AttheneChatQuestion;
  feedback: AttheneChatFeedback;
  error: AttheneChatProblem;
  /** The widget has been taken off the page; its last event. */
  destroy: undefined;
}

/** One widget. */
interface AttheneChatHandle {
  /** The version of the script. */
  readonly version: string;
  /** Resolves when the chat is loaded, which with `preload: 'none'` only an `open` or a message begins. Rejects when refused or destroyed. */
  readonly ready: Promise<AttheneChatHandle>;
  /** Shows a widget, or changes the options of the one with the same agentKey. Never throws. */
  init(options: AttheneChatOptions): AttheneChatHandle;
  open(): void;
  close(): void;
  toggle(): void;
  isOpen(): boolean;
  /** Sends as the visitor, and opens nothing. Resolves when the server has taken the message. */
  sendMessage(text: string): Promise<AttheneChatMessage>;
  /** Returns a function that takes the listener away again. */
  on<Name extends keyof AttheneChatEvents>(event: Name, listener: (detail: AttheneChatEvents[Name]) => void): () => void;
  on(event: string, listener: (detail: any) => void): () => void;
  /** Like `on`, for one time. */
  once<Name extends keyof AttheneChatEvents>(event: Name, listener: (detail: AttheneChatEvents[Name]) => void): () => void;
  once(event: string, listener: (detail: any) => void): () => void;
  /** Takes one listener away, or without one all of that event. */
  off(event: string, listener?: (detail: any) => void): void;
  /** Takes the widget off the page: no element, listener or connection stays. `init` starts again. */
  destroy(): void;
}

interface Window {
  /** Its methods act on the page's first widget; those called before `init` are kept for it. */
  AttheneChat: AttheneChatHandle;
}

declare var AttheneChat: AttheneChatHandle;

/** Every event is also dispatched on `window` under `atthenechat:NAME`; `atthenechat:load` tells that the script is there. */
interface WindowEventMap {
  'atthenechat:load': Event;
  'atthenechat:ready': CustomEvent<undefined>;
  'atthenechat:open': CustomEvent<undefined>;
  'atthenechat:close': CustomEvent<undefined>;
  'atthenechat:message': CustomEvent<AttheneChatMessage>;
  'atthenechat:input-required': CustomEvent<AttheneChatQuestion>;
  'atthenechat:feedback': CustomEvent<AttheneChatFeedback>;
  'atthenechat:error': CustomEvent<AttheneChatProblem>;
  'atthenechat:destroy': CustomEvent<undefined>;
}
