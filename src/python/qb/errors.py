"""What the module raises."""


class QBError(Exception):
    """A call was refused, or the supervisor could not be reached.

    ``str(error)`` is the supervisor's own message, complete and readable by itself. ``status`` is the HTTP status (None when there was
    no answer), ``job``, ``field`` and ``column`` say where in a refused submission the trouble lies, when the supervisor knows.
    """

    def __init__(self, message, status=None, job=None, field=None, column=None):
        Exception.__init__(self, message)
        self.status = status
        self.job = job
        self.field = field
        self.column = column

    @property
    def refused(self):
        """True when the supervisor answered and said no; False when it could not be asked."""
        return self.status is not None and 400 <= self.status < 500


class QBRangeError(QBError, ValueError):
    """A frame range that cannot be read (jobs.md 7)."""


_last = ['']


def remember(message):
    """Keeps the text that ``qb.error()`` shows."""
    _last[0] = message


def error():
    """The text of the last failure, '' when there was none (python-api.md 4)."""
    return _last[0]
