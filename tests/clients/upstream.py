"""A model vendor for the rigs: the chat completions API with answers that are known beforehand.

quick answers at once; slow takes twenty seconds, a word every 100 ms; sees says which images reached it; counts says how
many messages did; asks calls ask_human first and then tells the answer; fails never answers. It prints its base URL in its
first line and runs until its standard input is closed. It checks no key and keeps nothing.
"""

import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

QUICK = "This is a short answer with a few words.".split(" ")
SLOW = ["word"] * 200
MODELS = ("quick", "slow", "sees", "counts", "asks", "fails")
ASKED = json.dumps({"question": "Which colour?", "choices": ["Blue", "Red"]})


def _words(model, messages):
    if model == "slow":
        return SLOW, 0.1
    if model == "sees":
        kinds = re.findall(r"data:([a-z]+/[a-z0-9.+-]+)", json.dumps(messages))
        return f"I see {len(kinds)} files: {', '.join(kinds) or 'none'}".split(" "), 0
    if model == "asks":
        return f"You chose {messages[-1]['content']}".split(" "), 0
    if model == "counts":
        count = sum(1 for message in messages if message["role"] != "system")
        return f"I read {count} message{'s' if count > 1 else ''}".split(" "), 0
    return QUICK, 0


class Vendor(BaseHTTPRequestHandler):
    """One request to the vendor."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Says nothing."""

    def _json(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        """The list of models."""
        models = [{"id": name, "object": "model", "created": 1, "owned_by": "rigs"} for name in MODELS]
        self._json(200, {"object": "list", "data": models})

    def do_POST(self):
        """A completion, whole or in chunks."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if request["model"] == "fails":
            self._json(500, {"error": {"message": "vendor-marker: out of order", "type": "server_error"}})
            return
        asks = request["model"] == "asks" and request["messages"][-1]["role"] != "tool"
        words, pause_s = _words(request["model"], request["messages"])
        usage = {"prompt_tokens": 7, "completion_tokens": len(words), "total_tokens": 7 + len(words)}
        base = {"id": f"chatcmpl-{time.time_ns()}", "created": int(time.time()), "model": request["model"]}
        if not request.get("stream"):
            time.sleep(pause_s * len(words))
            message = {"role": "assistant", "content": " ".join(words)}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self._json(200, {**base, "object": "chat.completion", "choices": [choice], "usage": usage})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            if asks:
                words = []
                call = {"index": 0, "id": f"call_{time.time_ns()}", "type": "function"}
                call["function"] = {"name": "ask_human", "arguments": ASKED}
                self._event({**base, "choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]})
            for number, word in enumerate(words):
                time.sleep(pause_s)
                delta = {"content": word if number == 0 else f" {word}"}
                self._event({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
            self._event({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls" if asks else "stop"}]})
            self._event({**base, "choices": [], "usage": usage})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            # The server hung up: a turn was stopped.
            pass

    def _event(self, chunk):
        data = json.dumps({"object": "chat.completion.chunk", **chunk})
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()


def main():
    """Serves on a free port of the loopback address, or on the port that is given."""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Vendor)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}/v1/", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
