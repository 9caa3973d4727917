"""Waiting for events without asking again and again (python-api.md 9): the farm's event stream is read."""

import json
import re
import socket

from . import connection
from .errors import QBError
from .objects import QBObject, long_type, text_type
from .queries import jobinfo
from .ranges import rangesplit

_DONE = ('complete', 'failed', 'killed')
# event-type-name[-extra], the name being a job's id (callbacks.md 3).
_EVENT = re.compile(r'([A-Za-z][A-Za-z0-9_]*)-(job|subjob|work)-([0-9]+)(?:-(.+))?$')


def waitfor(post, timeout=None):
    """Waits until an event is raised, and returns it; False when the time, in seconds, was over before. None waits for ever.

    ``post`` is an event as triggers name it, with a job's id: ``complete-job-12``, ``failed-work-12-5``, ``running-subjob-12-0``,
    ``approved-job-12``, ``opened-global``; a ``*`` stands for any instance or item. A number, or a job, is ``done-job-<id>``. What a job,
    an instance or an item already is needs no waiting.
    """
    if isinstance(post, dict):
        post = post['id']
    if isinstance(post, (int, long_type)):
        post = 'done-job-%d' % post
    if not isinstance(post, (str, text_type)) or '-' not in post:
        raise QBError("waitfor: '%s' is no event such as complete-job-12" % (post,))
    match = _EVENT.match(post.strip())
    end = None if timeout is None else connection._now() + float(timeout)
    wanted = _Wanted(*match.groups()) if match else _Wanted(*_plain(post.strip()))
    while True:
        stream = connection.stream('/api/v1/events%s' % ('?job=%s' % wanted.job if wanted.job else ''), end)
        try:
            for line in stream.lines():
                if line.startswith(':'):
                    # A sign of life, also the first: looked at again, lest something fell between two streams.
                    now = wanted.now()
                    if now is not None:
                        return now
                if line.startswith('data:'):
                    event = json.loads(line[5:])
                    if wanted.fits(event):
                        return QBObject(event)
        except _OVER:
            pass
        finally:
            stream.close()
        if end is not None and connection._now() >= end:
            return False


_OVER = (socket.timeout, socket.error, connection.http_client.HTTPException)


def _plain(post):
    name, _, kind = post.rpartition('-')
    return name, kind, None, None


class _Wanted(object):
    def __init__(self, name, kind, job, extra):
        self.name, self.kind, self.job, self.extra = name.lower(), kind.lower(), job, extra

    def now(self):
        """What is so already, as an event; None when it is not."""
        if self.job is None or self.name not in _DONE + ('done', 'blocked', 'running', 'pending'):
            return None
        found = jobinfo(id=int(self.job), subjobs=self.kind == 'subjob', agenda=self.kind == 'work')
        if not found:
            raise QBError('waitfor: there is no job %s' % self.job)
        if self.kind == 'job':
            states = [found[0]['status']]
        elif self.kind == 'subjob':
            states = [one['status'] for one in found[0]['subjobs'] if self._is_extra('%s' % one['id'])]
        else:
            states = [one['status'] for one in found[0]['agenda'] if self._is_extra(one['name'])]
        if any(self._is_named(state) for state in states):
            return QBObject(event='%s-%s' % (self.name, self.kind), job=int(self.job), item=self.extra if self.kind == 'work' else None)
        return None

    def fits(self, event):
        name, _, kind = event.get('event', '').rpartition('-')
        if kind != self.kind or not self._is_named(name) or self.job is not None and event.get('job') != int(self.job):
            return False
        if self.extra is None or self.extra == '*':
            return True
        if kind == 'subjob':
            return '%s' % event.get('instance') == self.extra
        if event.get('item') is not None:
            return event['item'] == self.extra
        return bool(event.get('items')) and self.extra in rangesplit(event['items'])

    def _is_named(self, state):
        return state == self.name or self.name == 'done' and state in _DONE

    def _is_extra(self, name):
        return self.extra in (None, '*', name)
