"""The one connection to the supervisor: found at first use, kept alive, patient while the supervisor restarts."""

import errno
import io
import json
import os
import socket
import threading
import time

try:
    import http.client as http_client
    from urllib.parse import urlsplit
except ImportError:
    import httplib as http_client
    from urlparse import urlsplit

from . import configuration, firing
from .encoding import from_json, to_json
from .errors import QBError, remember

DEFAULT_PORT = 50001
DEFAULT_TIMEOUT_MS = 30000

_timeout_ms = [DEFAULT_TIMEOUT_MS]
_kept = threading.local()
_authorities = {}

_FIRST_WAIT_SECONDS = 0.05
_LONGEST_WAIT_SECONDS = 1.0


def gettimeout():
    """Milliseconds for which a call keeps trying to reach the supervisor."""
    return _timeout_ms[0]


def settimeout(ms):
    """Sets how many milliseconds a call keeps trying while the supervisor is away; 0 tries once."""
    _timeout_ms[0] = max(0, int(ms))


def getsupervisor():
    """The supervisor that calls go to: ``QB_SUPERVISOR``, else ``qb_supervisor`` of qb.conf, else this machine."""
    return os.environ.get('QB_SUPERVISOR') or _configured() or '127.0.0.1'


def setsupervisor(host):
    """Sets the supervisor (host, host:port or URL) for this process and what it starts; '' returns to the default."""
    if host:
        os.environ['QB_SUPERVISOR'] = host
    else:
        os.environ.pop('QB_SUPERVISOR', None)


def _configured():
    return configuration.value('qb_supervisor')


def _address(supervisor):
    """(secure, host, port, path prefix) of host, host:port or a URL."""
    text = supervisor.strip()
    parts = urlsplit(text if '://' in text else 'http://' + text)
    try:
        port = parts.port
    except ValueError:
        port = None
        text = ''
    if not text or not parts.hostname or parts.scheme not in ('http', 'https'):
        raise _failed(QBError("QB_SUPERVISOR '%s' is neither host, host:port nor a URL" % supervisor))
    return parts.scheme == 'https', parts.hostname, port or DEFAULT_PORT, parts.path.rstrip('/')


def _failed(error):
    remember(str(error))
    return error


def _connection(supervisor, timeout_seconds):
    """This thread's open connection to a supervisor, and whether it has served before. A fork's child never shares its parent's."""
    mark = (supervisor, os.getpid())
    connection = getattr(_kept, 'connection', None)
    if connection is not None and _kept.mark == mark:
        if connection.sock is not None:
            connection.sock.settimeout(timeout_seconds)
        connection.timeout = timeout_seconds
        return connection, connection.sock is not None
    # In a fork's child this closes its own descriptor alone.
    forget()
    secure, host, port, _ = _address(supervisor)
    _kept.connection = _opened(secure, host, port, timeout_seconds)
    _kept.mark = mark
    return _kept.connection, False


def load_authority():
    """Reads the authority of QB_CA_FILE now, for a child that runs as another account and may not read it."""
    path = os.environ.get('QB_CA_FILE')
    if path:
        with io.open(path, encoding='ascii', errors='ignore') as authority_file:
            _authorities[path] = authority_file.read()


def _opened(secure, host, port, timeout_seconds):
    if not secure:
        return http_client.HTTPConnection(host, port, timeout=timeout_seconds)
    # Loaded where it is needed: it takes longer than all the rest.
    import ssl
    authority = os.environ.get('QB_CA_FILE')
    try:
        if authority in _authorities:
            context = ssl.create_default_context(cadata=_authorities[authority])
        else:
            context = ssl.create_default_context(cafile=authority or None)
    except (IOError, OSError) as failure:
        raise _failed(QBError('QB_CA_FILE %s cannot be read: %s' % (authority, failure)))
    return http_client.HTTPSConnection(host, port, timeout=timeout_seconds, context=context)


def forget():
    """Closes this thread's connection."""
    connection = getattr(_kept, 'connection', None)
    _kept.connection = None
    if connection is not None:
        connection.close()


def _token():
    token = os.environ.get('QB_TOKEN')
    path = os.environ.get('QB_TOKEN_FILE')
    if not token and path:
        with open(path) as token_file:
            token = token_file.read().strip()
    return token


def _hopeless(error):
    """True for failures that no restart of a supervisor explains: a host that does not exist, a certificate of nobody known."""
    if type(error).__name__ in ('SSLCertVerificationError', 'CertificateError') or 'CERTIFICATE_VERIFY_FAILED' in str(error):
        return True
    return isinstance(error, socket.gaierror) and error.args[0] != socket.EAI_AGAIN


def call(method, path, body=None, changes=False, supervisor=None, timeout_seconds=None):
    """Sends one request and returns what was answered.

    ``changes`` says that the call changes the farm: inside a callback script it then carries its number within the firing, and the
    same number of the same firing is done once. While the supervisor is away (refused, reset, no answer, 503) the same bytes are sent
    again until the time is over. Raises QBError when refused or not reached.
    """
    supervisor = supervisor or getsupervisor()
    prefix = _address(supervisor)[3]
    headers = {'Accept': 'application/json'}
    headers.update(firing.headers(changes))
    token = _token()
    if token:
        headers['Authorization'] = 'Bearer ' + token
    payload = None
    if body is not None:
        payload = to_json(body)
        headers['Content-Type'] = 'application/json'
    patience = _timeout_ms[0] / 1000.0 if timeout_seconds is None else timeout_seconds
    deadline = _now() + patience
    wait = _FIRST_WAIT_SECONDS
    while True:
        left = deadline - _now()
        served = False
        try:
            connection, served = _connection(supervisor, max(left, 1.0))
            connection.request(method, prefix + path, payload, headers)
            response = connection.getresponse()
            data = response.read()
            status = response.status
            if response.will_close:
                forget()
            if status != 503:
                return _answer(status, data, supervisor)
            trouble = _message(data) or 'it is starting'
        except (http_client.HTTPException, socket.error, socket.timeout) as failure:
            forget()
            trouble = str(failure) or type(failure).__name__
            if _hopeless(failure):
                raise _failed(QBError("supervisor %s cannot be reached: %s" % (supervisor, trouble)))
            if served and not _is_timeout(failure):
                # A kept connection that the other side closed: a new one tells whether anything is wrong.
                continue
        left = deadline - _now()
        if left <= 0:
            raise _failed(QBError('supervisor %s cannot be reached: %s' % (supervisor, trouble)))
        time.sleep(min(wait, left))
        wait = min(wait * 2, _LONGEST_WAIT_SECONDS)


class _Stream(object):
    """The lines of an answer that goes on for ever."""

    def __init__(self, opened, response, end):
        self._opened, self._response, self._end = opened, response, end

    def lines(self):
        while self._end is None or _now() < self._end:
            if self._opened.sock is not None and self._end is not None:
                self._opened.sock.settimeout(max(0.01, self._end - _now()))
            line = self._line()
            if not line:
                return
            yield line.decode('utf-8').rstrip('\r\n')

    def _line(self):
        if hasattr(self._response, 'readline'):
            return self._response.readline()
        line = []  # Python 2's has no lines of its own.
        while not line or line[-1] not in ('', '\n'):
            line.append(self._response.read(1))
        return ''.join(line)

    def close(self):
        self._response.close()
        self._opened.close()


def stream(path, end):
    """Opens an answer that goes on for ever, on a connection of its own, by ``_now()`` = end. As patient as ``call``."""
    supervisor = getsupervisor()
    secure, host, port, prefix = _address(supervisor)
    headers = {'Accept': 'text/event-stream'}
    token = _token()
    if token:
        headers['Authorization'] = 'Bearer ' + token
    deadline = _now() + _timeout_ms[0] / 1000.0
    if end is not None:
        deadline = min(deadline, end)
    wait = _FIRST_WAIT_SECONDS
    while True:
        opened = _opened(secure, host, port, max(deadline - _now(), 1.0))
        try:
            opened.request('GET', prefix + path, None, headers)
            response = opened.getresponse()
            if response.status == 200:
                return _Stream(opened, response, end)
            data = response.read()
            opened.close()
            if response.status != 503:
                _answer(response.status, data, supervisor)
            trouble = _message(data) or 'it is starting'
        except (http_client.HTTPException, socket.error, socket.timeout) as failure:
            opened.close()
            trouble = str(failure) or type(failure).__name__
            if _hopeless(failure):
                raise _failed(QBError('supervisor %s cannot be reached: %s' % (supervisor, trouble)))
        left = deadline - _now()
        if left <= 0:
            raise _failed(QBError('supervisor %s cannot be reached: %s' % (supervisor, trouble)))
        time.sleep(min(wait, left))
        wait = min(wait * 2, _LONGEST_WAIT_SECONDS)


def _is_timeout(failure):
    return isinstance(failure, socket.timeout) or getattr(failure, 'errno', None) == errno.ETIMEDOUT


_now = getattr(time, 'monotonic', time.time)


def _message(data):
    error = _error(data)
    return error.get('message') if error else None


def _error(data):
    try:
        answer = json.loads(data.decode('utf-8'))
    except ValueError:
        return None
    error = answer.get('error') if isinstance(answer, dict) else None
    if isinstance(error, dict):
        return error
    return {'message': error} if error else None


def _answer(status, data, supervisor):
    if 200 <= status < 300:
        if not data:
            return {}
        try:
            return from_json(data)
        except ValueError:
            raise _failed(QBError('supervisor %s answered with something that is not JSON' % supervisor, status))
    error = _error(data) or {}
    message = error.get('message') or 'supervisor %s answered with HTTP %d' % (supervisor, status)
    if not isinstance(message, str):
        message = message.encode('utf-8')
    raise _failed(QBError(message, status, error.get('job'), error.get('field'), error.get('column')))
