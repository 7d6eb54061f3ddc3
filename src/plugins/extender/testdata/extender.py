"""A scheduler extender in another language, for the tests: one policy and several ways to fail.

It prints its port and serves until its parent closes its input. Verbs:
  filter      keeps nodes whose label `disk` is `ssd`; `disk: gone` cannot be helped by preemption
  prioritize  points by the label `points`
  preempt     keeps the candidate with the fewest victims
  bind        remembers what it was told (see `bound`), and refuses the node `full`
  slow        answers after two seconds
  broken      answers with status 500
  garbage     answers with something that is no JSON
  refuse      answers with an error of its own
  stranger    lets through a node that nobody offered
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

bound = []


def offered(args):
    if args.get("nodenames") is not None:
        return [{"metadata": {"name": name}} for name in args["nodenames"]]
    return args["nodes"]["items"]


def label(node, key):
    return node["metadata"].get("labels", {}).get(key, "")


def answer_filter(args):
    nodes = offered(args)
    left = [node for node in nodes if label(node, "disk") == "ssd"]
    failed = {n["metadata"]["name"]: "no ssd" for n in nodes if label(n, "disk") not in ("ssd", "gone")}
    gone = {n["metadata"]["name"]: "disk gone" for n in nodes if label(n, "disk") == "gone"}
    # Keys as older extenders write them: Go's decoder takes any case.
    return {"Nodes": {"items": left}, "FailedNodes": failed, "failedAndUnresolvableNodes": gone, "error": ""}


def answer_names(args):
    return {"nodenames": [name for name in args["nodenames"] if not name.endswith("2")], "failedNodes": None}


def answer_prioritize(args):
    return [{"host": n["metadata"]["name"], "score": int(label(n, "points") or 0)} for n in offered(args)]


def answer_preempt(args):
    candidates = args["nodeNameToVictims"]
    best = min(candidates, key=lambda name: len(candidates[name]["pods"]))
    victims = candidates[best]
    uids = [{"uid": pod["metadata"]["uid"]} for pod in victims["pods"]]
    return {"nodeNameToMetaVictims": {best: {"pods": uids, "numPDBViolations": victims["numPDBViolations"]}}}


def answer_bind(args):
    if args["node"] == "full":
        return {"error": "node full takes no more"}
    bound.append([args["podNamespace"], args["podName"], args["podUID"], args["node"]])
    return {}


ANSWERS = {
    "filter": answer_filter,
    "names": answer_names,
    "prioritize": answer_prioritize,
    "preempt": answer_preempt,
    "bind": answer_bind,
    "bound": lambda args: [{"host": json.dumps(entry, separators=(",", ":")), "score": 0} for entry in bound],
    "refuse": lambda args: {"error": "refused on purpose"},
    "stranger": lambda args: {"nodes": {"items": [{"metadata": {"name": "stranger"}}]}},
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        args = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        verb = self.path.rsplit("/", 1)[-1]
        if verb == "slow":
            time.sleep(2)
        status = 500 if verb == "broken" else 200
        known = verb in ANSWERS and status == 200
        body = b"no JSON" if verb == "garbage" else json.dumps(ANSWERS[verb](args) if known else {}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
