"""Job types as this host has them (python-api.md 8, jobs.md 4)."""

import collections
import os
import re

from . import configuration, pathmap
from .encoding import text_of_bytes
from .errors import QBError
from .objects import QBObject

_SECTION = re.compile(r'\s*\[([^\]]+)\]\s*$')
_SETTING = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$')


def _folders():
    configured = configuration.value('worker_template_path')
    if configured:
        return [folder for folder in re.split('[;\n]' if os.name == 'nt' else '[:;\n]', configured) if folder.strip()]
    base = os.environ.get('QBDIR') or os.environ.get('QB_DIR') or configuration.value('qb_directory') or '/usr/local/pfx/qube'
    return [os.path.join(base, 'types'), os.path.join(base, 'jobtypes')]


def _conf(jobtype):
    places = [jobtype] if os.sep in jobtype else [os.path.join(folder.strip(), jobtype) for folder in _folders()]
    for place in places:
        path = place if place.endswith('job.conf') else os.path.join(place, 'job.conf')
        if os.path.isfile(path):
            return path
    return None


def jobtypeavailable(path):
    """True when this host has a job type: a folder with a job.conf, given by its path or by its name."""
    return _conf(path) is not None


def jobconfig(jobtype, parameter=None):
    """A parameter of a job type's job.conf (``execute_binding``), '' when it has none; all sections and theirs without one."""
    path = _conf(jobtype)
    if path is None:
        raise QBError("jobconfig: there is no job type '%s' on this host" % jobtype)
    sections = QBObject()
    section = sections.setdefault('', QBObject())
    with open(path, 'rb') as conf:
        for line in text_of_bytes(conf.read()).splitlines():
            header, setting = _SECTION.match(line), _SETTING.match(line)
            if header:
                section = sections.setdefault(header.group(1).strip(), QBObject())
            elif setting:
                section[setting.group(1)] = setting.group(2).strip().strip('"\'')
    if parameter is None:
        return sections
    for section in sections.values():
        if parameter in section:
            return section[parameter]
    return ''


def workerpathmap():
    """The ordered path replacements of this worker (``worker_path_map``) as a dict."""
    return collections.OrderedDict(pathmap.pairs())
