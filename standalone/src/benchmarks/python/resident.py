"""The other side of ResidentPeer.java for libraries whose calls block."""

import socket  # noqa: F401 (for the libraries)
import sys
import threading
import time


class Target:
    def __init__(self, words):
        self.host, port, self.user, self.identity, self.known_hosts = words
        self.port = int(port)


def serve(library, target):
    for line in sys.stdin:
        print(answer(library, target, line.rstrip("\n").split("\t")), flush=True)


def answer(library, target, words):
    try:
        if words[0] == "burst":
            return burst(library, words[1].split(","), int(words[2]), int(words[3]), words[4])
        start = time.perf_counter_ns()
        if words[0] == "exec":
            library.exec(target.host, words[1])
        elif words[0] == "connect":
            library.connect(target.host, words[1])
        elif words[0] == "output":
            with open(words[1], "wb") as log:
                library.exec(target.host, words[2], log)
        else:
            return f"! no such request: {words[0]}"
        return str(time.perf_counter_ns() - start)
    except Exception as e:  # whatever it is, the benchmark is to say it
        return f"! {type(e).__name__}: {e}".replace("\n", " ")


def burst(library, hosts, commands, concurrency, command):
    lock = threading.Lock()
    left = iter(range(commands))
    failed = []

    def caller():
        while True:
            with lock:
                n = next(left, None)
            if n is None:
                return
            try:
                library.exec(hosts[n % len(hosts)], command)
            except Exception as e:  # which is what is counted, whatever the reason
                failed.append(e)

    threads = [threading.Thread(target=caller) for _ in range(concurrency)]
    start = time.perf_counter_ns()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return f"{time.perf_counter_ns() - start} {len(failed)}"
