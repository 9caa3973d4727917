"""The farm as a whole: settings, resources, users, tags, and what is said of a single connection (python-api.md 4 and 9)."""

import time
import uuid

from . import configuration, firing
from .connection import call, getsupervisor
from .errors import QBError
from .objects import QBObject, text_type
from .queries import jobinfo, ping
from .submission import caller

VERSION = '0.1.0'


def version():
    """The version number of this module."""
    return VERSION


def info():
    """This module and the supervisor it talks to: ``version``, ``supervisor``, and what the supervisor says of itself when it is there."""
    return QBObject(dict(ping(asDict=True), version=VERSION, supervisor=getsupervisor()))


def supervisorconfig():
    """The supervisor's settings in force, under the keys of qb.conf (config.md), as text."""
    return dict(call('GET', '/api/v1/config').get('config') or {})


def localconfig():
    """This host's qb.conf, as text."""
    return configuration.read()


def getresources():
    """The farm's global resources: ``{'license.maya': (used, total)}``."""
    return dict((name, tuple(counts)) for name, counts in (call('GET', '/api/v1/resources').get('resources') or {}).items())


def resource(resources=None):
    """Those of the global resources that are named: a name, or a list of them; all without."""
    known = getresources()
    if resources is None:
        return known
    wanted = [resources] if isinstance(resources, (str, text_type)) else list(resources)
    return dict((name, known[name]) for name in wanted if name in known)


def getusers(convert=True):
    """Users of whom somebody has said what they may do: ``{user: {group: permissions}}``, with the group '' for what holds everywhere.

    Permissions are lists of names (``kill``, ``submit_job``), with ``convert=False`` the numbers of scheduling.md 13.
    """
    found = {}
    for user in call('GET', '/api/v1/users').get('users') or []:
        found[user['name']] = {'': _permissions(user, 'permissions', 'mask', convert)}
        if user.get('group'):
            found[user['name']][user['group']] = _permissions(user, 'groupPermissions', 'groupMask', convert)
    return found


def _permissions(user, names, mask, convert):
    return list(user.get(names) or []) if convert else int(user.get(mask) or 0)


def isadmin(user):
    """True for administrators: those of the list, and those that are so from the start."""
    answer = call('GET', '/api/v1/users')
    return user in (answer.get('admins') or []) or any(
        one['name'] == user and 'admin' in (one.get('permissions') or []) for one in answer.get('users') or [])


def setusers(action, user, permissions=(), group=''):
    """Changes what a user may do: ``add`` gives permissions, ``set`` gives these and no others, ``delete`` (``remove``) takes them away, without any the
    whole entry; with a group they are those on the jobs of its other members, and ``drop`` takes the user out of it. Needs the permission admin.

    Permissions are names as ``kill`` and ``submit_job``; ``all`` is everything but ``admin``, ``sudo_admin`` and ``impersonate``. True when it is done.
    """
    given = [permissions] if isinstance(permissions, (str, text_type)) else list(permissions)
    body = {'requestId': str(uuid.uuid4()), 'user': caller(), 'action': action, 'name': user, 'permissions': given, 'group': group}
    try:
        call('POST', '/api/v1/users', body, changes=True)
    except QBError as failure:
        firing.refused('setusers', failure)
        return False
    return True


def jobtagvalues(tagname):
    """The values in use of a job tag, such as ``prod_show`` (``show`` will do)."""
    name = tagname if tagname.startswith('prod_') else 'prod_' + tagname
    return sorted(set(job[name] for job in jobinfo(filters={name: '~.'}) if job.get(name)))


def mktime(moment):
    """Unix seconds of a local time tuple or a datetime."""
    return int(time.mktime(moment.timetuple() if hasattr(moment, 'timetuple') else moment))
