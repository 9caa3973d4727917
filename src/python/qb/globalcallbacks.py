"""Callbacks that belong to no job (callbacks.md 15): submitted, listed and removed."""

import uuid

from . import firing, recorder
from .connection import call
from .errors import QBError
from .objects import Callback
from .submission import caller


def submitcallback(callback):
    """Submits a callback that no job owns, or a list of them, and returns those accepted as a list of Callback with ``id``.

    Its triggers name clocks (``globaltime-T``, ``globalrepeat-T-I``), events of no job (``name-global``), hosts, jobs by their id, or
    any job (``failed-job-*``). The list is empty when the user may not submit global callbacks. QBError says what is wrong with one.
    """
    given = [callback] if isinstance(callback, dict) else list(callback)
    if not given:
        return []
    if recorder.is_on():
        recorder.write('submitcallback', given)
        if recorder.replaces():
            return [Callback(one) for one in recorder.callbacks(given)]
    body = {'requestId': str(uuid.uuid4()), 'user': caller(), 'callbacks': [dict(one) for one in given]}
    try:
        answer = call('POST', '/api/v1/callbacks', body, changes=True)
    except QBError as failure:
        firing.refused('submitcallback', failure)
        return []
    return [Callback(one) for one in answer.get('callbacks') or []]


def callbackinfo():
    """The global callbacks with what each has fired."""
    return [Callback(one) for one in call('GET', '/api/v1/callbacks').get('callbacks') or []]


def removecallback(*ids):
    """Removes global callbacks by id (or Callback) and returns the ids removed."""
    wanted = [int(one['id']) if isinstance(one, dict) else int(one) for one in ids]
    if not wanted:
        return []
    body = {'user': caller(), 'ids': wanted}
    try:
        return [int(one) for one in call('POST', '/api/v1/callbacks/remove', body, changes=True).get('affected') or []]
    except QBError as failure:
        firing.refused('removecallback', failure)
        return []
