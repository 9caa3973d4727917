"""Workers: who they are, what runs or would run where, and their settings (python-api.md 4 and 9)."""

try:
    from urllib.parse import quote
except ImportError:
    from urllib import quote

from . import firing
from .connection import call
from .errors import QBError
from .objects import QBObject, Work, host_of, long_type, text_type
from .queries import hostinfo, id_texts, jobinfo


def workerinfo(fields=None, filters=None, name=None, state=None):
    """Workers that fit: as ``hostinfo``."""
    return hostinfo(fields=fields, filters=filters, name=name, state=state)


def workerping(worker, asDict=False):
    """Says whether a worker is there: a line about it, its details with ``asDict=True``, False (an empty dict) when it is not."""
    found = hostinfo(name=_name_of(worker))
    if not found or found[0].get('state') == 'down':
        return {} if asDict else False
    return QBObject(found[0]) if asDict else '%(name)s (%(address)s) - %(state)s' % found[0]


def bannedworkers():
    """Workers that the farm turns away, by ``name``, ``macaddress`` and ``address``. This farm turns none away: always empty."""
    return []


def workerconfig(name):
    """What a worker is configured with, under the keys of qb.conf; {} for a worker that is unknown."""
    found = hostinfo(name=_name_of(name))
    if not found:
        return {}
    host = found[0]
    settings = {'worker_cpus': 'slots', 'worker_cluster': 'cluster', 'worker_groups': 'groups', 'worker_restrictions': 'restrictions',
                'worker_resources': 'resources', 'worker_properties': 'properties', 'worker_job_types': 'jobtypes', 'worker_description': 'description'}
    return dict((key, '%s' % (host.get(field, ''),)) for key, field in settings.items())


def hostorder(id=None):
    """The hosts a job could start on now, in the order in which it would take them, then those that it runs on.

    Without an id: the job that owns the callback which asks.
    """
    if id is None:
        id = firing.jobid()
    found = jobinfo(id=id, subjobs=True)
    if not found:
        return []
    job = found[0]
    hosts = dict((host['name'], host) for host in hostinfo())
    free = [hosts[name] for name in _fitting(job['id']) if name in hosts]
    held = _held(job)
    return _ordered(free, job.get('hostorder') or '') + [host for name, host in sorted(hosts.items()) if name in held and host not in free]


def joborder(*arguments, **options):
    """The jobs that run on a host or could start there once it has room, in the order in which it would take them.

    ``joborder(filters={}, name=None)``, or ``joborder('host')``. Filters choose hosts, as of ``hostinfo``; of several hosts the jobs
    come host by host, each job once.
    """
    filters, name = _joborder_arguments(*arguments, **options)
    hosts = [name] if name and not filters else sorted(host['name'] for host in hostinfo(filters=filters, name=name))
    ids = []
    for host in hosts:
        ids.extend(one for one in _order_on(host) if one not in ids)
    return jobinfo(id=ids, subjobs=True) if ids else []


def _order_on(host):
    try:
        return call('GET', '/api/v1/hosts/%s/joborder' % quote(host, safe='')).get('jobs') or ()
    except QBError as failure:
        if failure.status == 404:
            return ()
        raise


def workorder(host):
    """The items that run on a host, and those next in line of the jobs that could run there: dictionaries with ``pid`` and ``name``."""
    host = _name_of(host)
    found = []
    for job in joborder(host):
        for items in (jobinfo(id=job['id'], agenda=True) or [{}])[0].get('agenda') or ():
            if items['status'] == 'pending' or items['status'] == 'running' and items.get('host') == host:
                found.append(Work(items))
    found.sort(key=lambda item: item['status'] != 'running')
    return found


def _joborder_arguments(filters=None, name=None):
    if filters is not None and not isinstance(filters, dict):
        return {}, _name_of(filters)
    if isinstance(filters, dict) and 'macaddress' in filters and 'name' in filters:  # A Host.
        return {}, filters['name']
    return dict(filters or {}), _name_of(name) if name else None


def _name_of(host):
    return host['name'] if isinstance(host, dict) else host


def _held(job):
    return set(sub['host'] for sub in job.get('subjobs') or () if sub['status'] in ('running', 'registering', 'suspended', 'waiting') and sub.get('host'))


def _fitting(job):
    try:
        hosts = call('GET', '/api/v1/jobs/%d/explain' % job).get('hosts') or ()
    except QBError as failure:
        if failure.status == 404:
            return []
        raise
    return [host['host'] for host in hosts if not host['lacks']]


def _ordered(hosts, order):
    """By a host order (scheduling.md 8): ``+host.processors.avail,-host.speed``; + or nothing puts the largest first."""
    ordered = sorted(hosts, key=lambda host: host['name'])
    for term in reversed([term.strip() for term in order.split(',') if term.strip()]):
        ordered.sort(key=lambda host: _measure(host, term.lstrip('+-')), reverse=not term.startswith('-'))
    return ordered


def _measure(host, operand):
    parts = operand.split('.')
    if parts and parts[0] == 'host':
        parts = parts[1:]
    kind = parts.pop() if len(parts) > 1 and parts[-1] in ('total', 'used', 'avail') else None
    name = '.'.join(parts)
    for field in ('resources', 'properties'):
        for pair in (host.get(field) or '').split(','):
            key, _, text = pair.strip().partition('=')
            if key in (name, 'host.' + name):
                used, slash, total = text.partition('/')
                try:
                    numbers = (float(used), float(total if slash else used))
                except ValueError:
                    return 0.0
                return {'used': numbers[0], 'avail': numbers[1] - numbers[0]}.get(kind, numbers[1])
    return 0.0
