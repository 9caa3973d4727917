"""What instances wrote (python-api.md 4): asked of the supervisor, or read where the log folder is mounted (``client_logpath``)."""

import io
import os
import re

from . import configuration
from .encoding import text_of_bytes
from .objects import QBObject
from .queries import ask, id_texts, jobinfo

_FORCE_REMOTE = 'USE_SUPERVISOR'
_logpath = ['']


def getlogpath():
    """The folder of job logs that is read directly; '' when the supervisor is asked."""
    return _local_folder() or ''


def setlogpath(path):
    """Reads job logs in this folder from now on; '' returns to ``client_logpath`` of qb.conf, 'USE_SUPERVISOR' always asks."""
    _logpath[0] = path or ''


def _local_folder():
    if _logpath[0] == _FORCE_REMOTE:
        return None
    return _logpath[0] or configuration.value('client_logpath')


def _read_local(folder, stream, body):
    found = []
    for text in body['ids']:
        job, _, instance = text.split(':')[0].partition('.')
        place = os.path.join(folder, 'job', str(int(job) // 1000 * 1000), job)
        names = re.compile(r'%s_([0-9]+)\.%s$' % (re.escape(job), stream))
        instances = sorted(int(match.group(1)) for match in map(names.match, os.listdir(place) if os.path.isdir(place) else ()) if match)
        for number in instances:
            if not instance or instance == '*' or int(instance) == number:
                found.append(_local(os.path.join(place, '%s_%d.%s' % (job, number, stream)), int(job), number, body['pos'], body['len']))
    return found


def _local(path, job, instance, pos, length):
    size = os.path.getsize(path)
    with io.open(path, 'rb') as log:
        log.seek(max(0, size + pos) if pos < 0 else min(pos, size))
        data = log.read(size if length < 0 else length)
        end = log.tell()
    return QBObject(dict(jobid=job, subid=instance, data=text_of_bytes(data), fullsize=size, next=end))


def _logs(function, stream, ids, options):
    options = dict(options)
    body = {'ids': id_texts(ids), 'stream': stream, 'pos': int(options.pop('pos', 0)), 'len': int(options.pop('len', -1))}
    if options:
        raise TypeError('%s() got an unexpected keyword argument %r' % (function, sorted(options)[0]))
    local = _local_folder()
    if local:
        return _read_local(local, stream, body)
    logs = [QBObject(log) for log in ask(function, '/api/v1/logs', body, 'logs')]
    if body['len'] < 0:
        for log in logs:
            _read_on(function, stream, log)
    return logs


def _read_on(function, stream, log):
    """The rest of a log of which an answer held only a part: answers are bounded."""
    parts = [log.get('data') or '']
    while log.get('next', log.get('fullsize', 0)) < log.get('fullsize', 0):
        rest = ask(function, '/api/v1/logs', {
            'ids': ['%s.%s' % (log['jobid'], log['subid'])], 'stream': stream, 'pos': log['next'], 'len': log['fullsize'] - log['next']}, 'logs')
        if not rest or rest[0].get('next', 0) <= log['next']:
            break
        parts.append(rest[0].get('data') or '')
        log['next'] = rest[0]['next']
    log['data'] = ''.join(parts)


def stdout(*ids, **options):
    """What instances wrote to their standard output, one record each: jobid, subid, data, fullsize. Options: pos=0, len=-1 (all)."""
    return _logs('stdout', 'out', ids, options)


def stderr(*ids, **options):
    """As ``stdout``, of standard error."""
    return _logs('stderr', 'err', ids, options)


def log(*ids):
    """Both streams of instances, one record each: as ``stdout``, with ``logtype`` stdout or stderr."""
    found = []
    for function, kind in ((stdout, 'stdout'), (stderr, 'stderr')):
        found.extend(QBObject(one, logtype=kind) for one in function(*ids))
    found.sort(key=lambda one: (one['jobid'], one['subid'], one['logtype'] == 'stderr'))
    return found


def stats(*ids):
    """What is known of the runs of instances, one record each: jobid, subid, host, id, logtype, cls, and in ``data`` the instance's times,
    exit code and attempts as ``key=value`` lines."""
    found = []
    for text in id_texts(ids):
        job, _, instance = text.split(':')[0].partition('.')
        for sub in [one for owner in jobinfo(id=job, subjobs=True) for one in owner['subjobs']]:
            if not instance or instance == '*' or instance == '%s' % sub['id']:
                data = ''.join('%s=%s\n' % (key, sub[key]) for key in (
                    'status', 'host', 'count', 'allocations', 'exitcode', 'timesubmit', 'timestart', 'timecomplete') if key in sub)
                found.append(QBObject(dict(jobid=int(job), subid=sub['id'], id=sub['id'], host=sub['host'], logtype='stats', cls='QbLog', data=data)))
    return found
