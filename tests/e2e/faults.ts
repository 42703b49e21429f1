// A vendor that fails in the ways that the mock of others has no switch for. The fault is the first part of the path, so
// one server is every vendor. MARKER stands in all that it says: nobody outside may ever read it.
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export const MARKER = 'words-of-the-vendor';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';

/** The beginning of an answer as each vendor streams it, and the error that comes after it. */
const STREAMS: Record<string, { begin: string; error: string }> = {
  openai: {
    begin: data({ choices: [{ index: 0, delta: { role: 'assistant', content: 'Half ' } }] }),
    error: data({ error: { message: MARKER, type: 'server_error' } }),
  },
  anthropic: {
    begin:
      event('message_start', { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 3, output_tokens: 1 } } }) +
      event('content_block_start', { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
      event('content_block_delta', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Half ' } }),
    error: event('error', { type: 'error', error: { type: 'overloaded_error', message: MARKER } }),
  },
  gemini: {
    begin: data({ candidates: [{ content: { role: 'model', parts: [{ text: 'Half ' }] }, index: 0 }] }),
    error: data({ error: { code: 500, message: MARKER, status: 'INTERNAL' } }),
  },
};

function data(json: unknown): string {
  return `data: ${JSON.stringify(json)}\n\n`;
}

function event(name: string, json: unknown): string {
  return `event: ${name}\n${data(json)}`;
}

type Fault = (socket: Socket, stream: { begin: string; error: string }) => void;

export const FAULTS: Record<string, Fault> = {
  'black hole': () => {},
  'reset in the middle': (socket, { begin }) => socket.write(HEAD + begin, () => setTimeout(() => socket.resetAndDestroy(), 100)),
  'error event after 200': (socket, { begin, error }) => socket.end(HEAD + begin + error),
  'cut in the middle of an event': (socket, { begin }) => socket.end(`${HEAD}${begin}data: {"${MARKER}`),
  'no end': (socket, { begin }) => socket.end(HEAD + begin),
  'a line of 100 MB': (socket, { begin }) => {
    socket.write(`${HEAD}${begin}data: ${MARKER}`);
    const block = Buffer.alloc(1024 * 1024, 'x');
    let left = 100;
    const more = () => {
      while (left-- > 0 && !socket.destroyed) if (!socket.write(block)) return;
      socket.end('\n\n');
    };
    socket.on('drain', more);
    more();
  },
  'bad UTF-8': (socket, { begin }) => {
    socket.write(HEAD + begin);
    socket.end(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a, 0x0a]));
  },
  'bad JSON': (socket, { begin }) => socket.end(`${HEAD}${begin}data: {${MARKER}\n\n`),
  'a page instead of a stream': (socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>${MARKER}</html>`),
  // Faster than the limit between two tokens, and for ever.
  drip: (socket) => {
    socket.write(HEAD);
    const ticks = setInterval(() => socket.write(`: ${MARKER}\n\n`), 500);
    socket.on('close', () => clearInterval(ticks));
  },
};

/** Serves all of them. */
export class FaultyVendor {
  private constructor(
    private readonly server: Server,
    private readonly sockets: Set<Socket>,
    private readonly port: number,
  ) {}

  static async start(): Promise<FaultyVendor> {
    const names = Object.keys(FAULTS);
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {});
      let request = '';
      socket.on('data', (bytes) => {
        const isKnown = request.includes('\r\n');
        request += bytes.toString('latin1');
        const path = /^POST \/(\d+)\/(\w+)\//.exec(request);
        if (!isKnown && path) FAULTS[names[Number(path[1])]!]!(socket, STREAMS[path[2]!]!);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new FaultyVendor(server, sockets, (server.address() as AddressInfo).port);
  }

  /** Where a vendor of this kind has this fault. */
  url(fault: string, kind: string): string {
    return `http://127.0.0.1:${this.port}/${Object.keys(FAULTS).indexOf(fault)}/${kind}/`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}
