"""paramiko as a peer: the requests and answers are those of ResidentPeer.java."""

import shutil
import sys
import threading

import paramiko

import resident


class Library:
    def __init__(self, target):
        self.target = target
        self.clients = {}
        self.lock = threading.Lock()

    def exec(self, host, command, output=None):
        with self.lock:
            if host not in self.clients:
                self.clients[host] = self.open(host)
        self.run(self.clients[host], command, output)

    def connect(self, host, command):
        client = self.open(host)
        try:
            self.run(client, command)
        finally:
            client.close()

    def open(self, host):
        client = paramiko.SSHClient()
        client.load_host_keys(self.target.known_hosts)
        client.connect(
            host, self.target.port, self.target.user,
            key_filename=self.target.identity, allow_agent=False, look_for_keys=False)
        # Nagle's algorithm would add 40 ms to each command.
        client.get_transport().sock.setsockopt(resident.socket.IPPROTO_TCP, resident.socket.TCP_NODELAY, 1)
        return client

    @staticmethod
    def run(client, command, output=None):
        channel = client.get_transport().open_session()
        try:
            channel.exec_command(command)
            stdout = channel.makefile("rb")
            if output is None:
                stdout.read()
            else:
                shutil.copyfileobj(stdout, output, 1 << 16)
            status = channel.recv_exit_status()
            if status != 0:
                raise OSError(f"The command ended with {status}")
        finally:
            channel.close()


if __name__ == "__main__":
    target = resident.Target(sys.argv[1:])
    resident.serve(Library(target), target)
