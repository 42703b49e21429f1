"""Which server the rigs talk to, told by the environment, and the client that talks to it."""

import os
import sys
import time
from dataclasses import dataclass, field

import requests


@dataclass(frozen=True)
class Target:
    """The server under test. README.md says what each variable is."""

    url: str
    key: str = field(repr=False)
    agent: str
    agent_id: str
    slow_model: str
    vision_model: str
    key_limit_per_min: int

    @staticmethod
    def from_environment():
        """The target, or the end of the process with the line that says what is missing."""
        needed = ["ATTHENE_URL", "ATTHENE_KEY", "ATTHENE_AGENT", "ATTHENE_AGENT_ID"]
        missing = [name for name in needed if not os.environ.get(name)]
        if missing:
            sys.exit(f"set {', '.join(missing)}: see tests/clients/README.md")
        return Target(
            url=os.environ["ATTHENE_URL"].rstrip("/"),
            key=os.environ["ATTHENE_KEY"],
            agent=os.environ["ATTHENE_AGENT"],
            agent_id=os.environ["ATTHENE_AGENT_ID"],
            slow_model=os.environ.get("ATTHENE_SLOW_MODEL", ""),
            vision_model=os.environ.get("ATTHENE_VISION_MODEL", ""),
            key_limit_per_min=int(os.environ.get("ATTHENE_KEY_LIMIT_PER_MIN", "1200")),
        )


class Client:
    """Calls the server with one key. Redirects are never followed: the contract has none."""

    def __init__(self, target, key=None):
        self.target = target
        self.key = target.key if key is None else key
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.max_redirects = 0

    def once(self, method, path, *, headers=None, bearer=False, timeout_s=60, **rest):
        """One request and its answer, whatever it is. A key of "" sends none."""
        credential = {}
        if self.key:
            credential = {"Authorization": f"Bearer {self.key}"} if bearer else {"x-api-key": self.key}
        return self.session.request(
            method,
            self.target.url + path,
            headers={**credential, **(headers or {})},
            timeout=timeout_s,
            allow_redirects=False,
            **rest,
        )

    def call(self, method, path, **rest):
        """Like `once`, but waits as long as a 429 says, a minute and a half at most."""
        give_up = time.monotonic() + 90
        while True:
            answer = self.once(method, path, **rest)
            if answer.status_code != 429 or time.monotonic() > give_up:
                return answer
            time.sleep(min(float(answer.headers.get("Retry-After", "1")), 30))

    def session_from_agent(self, agent=None):
        """A new session of the agent; its id."""
        answer = self.call("GET", f"/api/v1/sessions/from-agent/?agent_key={agent or self.target.agent}")
        answer.raise_for_status()
        return answer.json()["session_id"]

    def create_key(self, name, **wishes):
        """A new key: its id and its secret."""
        answer = self.call("POST", "/api/v1/api-keys/", json={"name": name, **wishes})
        if answer.status_code not in (200, 201):
            raise AssertionError(f"no key was made: {answer.status_code} {answer.text[:300]}")
        return answer.json()["id"], answer.json()["key"]

    def create_agent(self, name, model, **more):
        """A new agent whose only part is one call of this model: its id and its agent_key."""
        config = {
            "name": name,
            "agent_type": "llm_agent",
            "system_prompt": "Answer in one sentence.",
            "llm_config": {"model": model},
            **more,
        }
        answer = self.call("POST", "/api/v1/agent/", json={"system_config": config})
        if answer.status_code not in (200, 201):
            raise AssertionError(f"no agent was made: {answer.status_code} {answer.text[:300]}")
        return answer.json()["id"], answer.json()["agent_key"]
