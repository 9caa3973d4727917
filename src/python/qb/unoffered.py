"""Names of the documented API that this farm has nothing for (python-api.md 9 and 11): they exist, so that a script that only mentions
them goes on, and say so when they are called."""

from .errors import QBError, remember


class QBNotOffered(QBError, NotImplementedError):
    """A documented function that this farm does not offer."""


def unoffered(name, reason):
    """A function that says why it is not offered."""
    def called(*arguments, **options):
        message = 'qb.%s() is not offered by this farm: %s' % (name, reason)
        remember(message)
        raise QBNotOffered(message)
    called.__name__ = str(name)
    called.__doc__ = 'Not offered: %s.' % reason
    return called


_PASSWORDS = 'it keeps no passwords; jobs run as the user that the worker is configured with'
_PREFERENCES = 'it keeps no preferences of users; they belong to the interface that uses them'
_WORKER_SETTINGS = 'the settings of a worker are those it was started with'

encryptpassword = unoffered('encryptpassword', _PASSWORDS)
checkpassword = unoffered('checkpassword', _PASSWORDS)
updatepassword = unoffered('updatepassword', _PASSWORDS)
getpreferences = unoffered('getpreferences', _PREFERENCES)
setpreference = unoffered('setpreference', _PREFERENCES)
deletepreference = unoffered('deletepreference', _PREFERENCES)
send_ML_authdata = unoffered('send_ML_authdata', 'it needs no licence')
updateworkerconfig = unoffered('updateworkerconfig', _WORKER_SETTINGS)
updatelocalconfig = unoffered('updatelocalconfig', 'a script does not change the configuration of its host; edit qb.conf')
qbadmin_reconfigureworkers = unoffered('qbadmin_reconfigureworkers', _WORKER_SETTINGS)
admincommand = unoffered('admincommand', 'what an administrator may do has functions and commands of its own')
