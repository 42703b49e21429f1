// What the browser tests talk to: our own binary on free ports, and a customer's site on an origin of its own.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, createServer as createNetServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const binary = process.env.ATTHENE_BIN ?? join(root, 'target/debug/atthene');

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createNetServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

/** Waits until `url` answers at all. */
async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  throw new Error(`${url} did not answer within 10 s`);
}

/** Our server, with a database of its own. */
export class Atthene {
  readonly url: string;
  /** Where its console is. */
  readonly consoleUrl: string;
  private child?: ChildProcess;
  private readonly dir = mkdtempSync(join(tmpdir(), 'atthene-e2e-'));
  log = '';

  private constructor(
    private readonly port: number,
    private readonly consolePort: number,
    private readonly settings: string,
    private readonly flags: string[],
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.consoleUrl = `http://127.0.0.1:${consolePort}`;
    writeFileSync(join(this.dir, 'atthene.toml'), this.settings);
  }

  /** Starts it; `settings` is TOML, `flags` go to `atthene serve`. */
  static async start(settings = '', flags: string[] = []): Promise<Atthene> {
    const server = new Atthene(await freePort(), await freePort(), settings, flags);
    await server.run();
    return server;
  }

  private get common(): string[] {
    const config = join(this.dir, 'atthene.toml');
    const database = `sqlite:${join(this.dir, 'atthene.db')}`;
    return ['--config', config, '--database-url', database, '--data-dir', this.dir, '--public-url', this.url];
  }

  /** Starts it again on the same data. */
  async run(): Promise<void> {
    const listen = ['--listen', `127.0.0.1:${this.port}`, '--console-listen', `127.0.0.1:${this.consolePort}`];
    const flags = ['serve', ...this.common, '--console-url', this.consoleUrl, ...listen, ...this.flags];
    const child = spawn(binary, flags, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (bytes) => (this.log += bytes));
    child.stderr.on('data', (bytes) => (this.log += bytes));
    this.child = child;
    await untilAnswers(`${this.url}/readyz`);
  }

  /** Ends it in order; its data stay. */
  async leave(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends it without a goodbye. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends it in order and removes its data. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  /** A key with these scopes, as the command line makes it; the server knows it. */
  async key(...scopes: string[]): Promise<string> {
    const wanted = scopes.flatMap((scope) => ['--scope', scope]);
    const made = spawnSync(binary, ['key', 'create', '--name', 'Test', ...wanted, ...this.common], { cwd: root, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr + made.stdout);
    const key = made.stdout.trim();
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await fetch(`${this.url}/v1/models`, { headers: { 'x-api-key': key } });
      if (answer.status !== 401) return key;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('the server does not know the key');
  }

  /** Makes an agent, or changes it, and waits until the gate follows. */
  async apply(agent: Record<string, unknown>, origin: string): Promise<void> {
    const file = join(this.dir, 'agent.json');
    writeFileSync(file, JSON.stringify(agent));
    const applied = spawnSync(binary, ['agent', 'apply', file, ...this.common], { cwd: root, encoding: 'utf8' });
    if (applied.status !== 0) throw new Error(applied.stderr + applied.stdout);
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await fetch(`${this.url}/public/v1/agents/${agent.agent_key}`, { headers: { origin } });
      if (answer.ok) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`the gate does not let ${origin} in`);
  }
}

/** What stands between a visitor and a server, and what it may do to the traffic. */
export class Proxy {
  /** Whether sockets are refused. */
  blocksSockets = false;
  /** Whether a stream is kept until its end. */
  keepsStreams = false;
  /** What was asked for, method and path. */
  readonly seen: string[] = [];
  /** Answers a request in the server's place, where it gives an answer. */
  instead?: (request: IncomingMessage) => { status: number; headers?: Record<string, string>; body: string } | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    readonly url: string,
  ) {}

  static async start(behind: Atthene): Promise<Proxy> {
    const server = createServer((request, response) => proxy.pass(request, response));
    server.on('upgrade', (request, socket: Socket, head) => proxy.upgrade(request, socket, head));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const proxy: Proxy = new Proxy(server, new URL(behind.url), `http://127.0.0.1:${port}`);
    return proxy;
  }

  /** How often something was asked for whose method and path match. */
  count(pattern: RegExp): number {
    return this.seen.filter((line) => pattern.test(line)).length;
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    this.seen.push(`${request.method} ${request.url}`);
    const instead = this.instead?.(request);
    if (instead) {
      const cors = { 'access-control-allow-origin': request.headers.origin ?? '*' };
      response.writeHead(instead.status, { 'content-type': 'application/json', ...cors, ...instead.headers });
      response.end(instead.body);
      return;
    }
    const { hostname, port } = this.target;
    const onward = ask({ hostname, port, method: request.method, path: request.url, headers: request.headers });
    onward.on('response', (answer) => {
      const isStream = /event-stream/.test(answer.headers['content-type'] ?? '');
      if (isStream && this.keepsStreams) {
        const kept: Buffer[] = [];
        answer.on('data', (bytes) => kept.push(bytes));
        answer.on('end', () => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.end(Buffer.concat(kept));
        });
      } else {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.seen.push(`UPGRADE ${request.url}`);
    if (this.blocksSockets) {
      socket.destroy();
      return;
    }
    const onward = connect(Number(this.target.port), this.target.hostname, () => {
      const headers = [];
      for (let at = 0; at < request.rawHeaders.length; at += 2) {
        headers.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
      }
      onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    this.sockets.add(socket);
    for (const [one, other] of [[socket, onward], [onward, socket]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        this.sockets.delete(socket);
      });
    }
  }

  /** Cuts every open socket, without a goodbye. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** An agent that answers with the model given. */
export function agent(agentKey: string, origin: string, model = 'builtin', widget: object = {}): Record<string, unknown> {
  return {
    agent_key: agentKey,
    is_public: true,
    allowed_origins: [origin],
    widget: { title: 'Support Assistant', subtitle: 'We typically reply in minutes', ...widget },
    system_config: {
      name: 'Support Assistant',
      agent_type: 'llm_agent',
      system_prompt: 'You help the visitors of a shop.',
      llm_config: { model },
    },
  };
}

/** A page of the customer's site. */
export type Page = { body: string; headers?: Record<string, string> };

/** A customer's site: nothing of ours but what its pages embed. */
export class Site {
  readonly pages = new Map<string, Page>();
  /** What browsers reported under a policy of the page. */
  readonly reports: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(host = 'localhost'): Promise<Site> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://site').pathname;
      if (path === '/report') {
        let text = '';
        request.on('data', (bytes) => (text += bytes));
        request.on('end', () => site.reports.push(text));
        response.writeHead(204).end();
        return;
      }
      const page = site.pages.get(path);
      const headers = { 'content-type': 'text/html; charset=utf-8', ...page?.headers };
      response.writeHead(page ? 200 : 404, headers).end(page?.body ?? 'not here');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const site: Site = new Site(server, `http://${host}:${port}`);
    return site;
  }

  /** A plain page around what is given. */
  page(path: string, body: string, head = '', headers?: Record<string, string>): string {
    const html = `<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>My Website</title>${head}</head><body>${body}</body></html>`;
    this.pages.set(path, { body: html, headers });
    return this.origin + path;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** The snippet of WIDGET.md with these options. */
export function snippet(server: Atthene, options: Record<string, unknown>): string {
  return `<script src="${server.url}/chat-widget.js"></script><script>AttheneChat.init(${JSON.stringify(options)});</script>`;
}
