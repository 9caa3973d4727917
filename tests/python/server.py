"""A server that plays a list of answers and notes what it was asked. It stands for nothing of ours but the socket."""

import json
import os
import socket
import threading

import qb
import qb.connection

DROP = 'drop'  # Reads the request and closes without an answer.
CUT = 'cut'  # Closes in the middle of the answer.


class Request(object):
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.raw = method, path, headers, body
        self.body = json.loads(body.decode('utf-8')) if body else None


class Server(object):
    """Answers with each of ``answers`` in turn, then with the last: a dictionary (200), (status, dictionary), (status, bytes), DROP, CUT."""

    def __init__(self, *answers):
        self.answers = list(answers) or [{}]
        self.requests = []
        self.connections = 0
        self._listener = socket.socket()
        self._listener.bind(('127.0.0.1', 0))
        self._listener.listen(20)
        self.port = self._listener.getsockname()[1]
        thread = threading.Thread(target=self._accept)
        thread.daemon = True
        thread.start()

    def __enter__(self):
        self._before = dict((name, os.environ.get(name)) for name in ('QB_SUPERVISOR', 'QB_TOKEN', 'QB_TOKEN_FILE', 'QB_CONF'))
        os.environ['QB_SUPERVISOR'] = '127.0.0.1:%d' % self.port
        return self

    def __exit__(self, *failure):
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self.close()
        qb.connection.forget()

    def close(self):
        # A listener is woken from accept by shutdown, not by close.
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except (OSError, socket.error):
            pass
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except (OSError, socket.error):
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client,))
            thread.daemon = True
            thread.start()

    def _serve(self, client):
        stream = client.makefile('rb')
        try:
            while self._one(client, stream):
                pass
        except (IOError, OSError, socket.error):
            pass
        finally:
            stream.close()
            client.close()

    def _one(self, client, stream):
        first = stream.readline().decode('latin-1').split(' ')
        if len(first) < 2:
            return False
        headers = {}
        while True:
            line = stream.readline().decode('latin-1').strip()
            if not line:
                break
            name, value = line.split(':', 1)
            headers[name.strip().lower()] = value.strip()
        body = stream.read(int(headers.get('content-length', 0)))
        self.requests.append(Request(first[0], first[1], headers, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == DROP:
            return False
        if answer == CUT:
            client.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"jobs"')
            return False
        status, content = answer if isinstance(answer, tuple) else (200, answer)
        data = content if isinstance(content, bytes) else json.dumps(content).encode('utf-8')
        client.sendall(('HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' % (status, len(data))).encode('ascii') + data)
        return True


def free_port():
    """A port on which nobody listens."""
    with_port = socket.socket()
    with_port.bind(('127.0.0.1', 0))
    port = with_port.getsockname()[1]
    with_port.close()
    return port
