"""The farm as a whole: settings, resources, users, tags, and what is said of a single connection (python-api.md 4 and 9)."""

import time

from . import configuration
from .connection import call, getsupervisor
from .objects import QBObject, text_type
from .queries import jobinfo, ping

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
    """Users with permissions of their own, ``{user: {group: permissions}}``. This farm gives none: always empty."""
    return {}


def isadmin(user):
    """True for the accounts that Qube! knows as administrators from the start."""
    return user in ('root', 'administrator', 'Administrator', 'qube')


def jobtagvalues(tagname):
    """The values in use of a job tag, such as ``prod_show`` (``show`` will do)."""
    name = tagname if tagname.startswith('prod_') else 'prod_' + tagname
    return sorted(set(job[name] for job in jobinfo(filters={name: '~.'}) if job.get(name)))


def mktime(moment):
    """Unix seconds of a local time tuple or a datetime."""
    return int(time.mktime(moment.timetuple() if hasattr(moment, 'timetuple') else moment))
