"""A licence daemon and a machine room tool: farm-wide resources, resources and properties of workers, and jobs that wait for them."""

import sys

import qb
from farm import eventually, info, mark, reach

m = mark()
name = 'license.%s' % m.replace('-', '_').strip('_').replace('.', '_')


def job(**keys):
    return qb.submit(dict({'prototype': 'cmdline', 'name': m, 'package': {'cmdline': 'true'}}, **keys))[0]


def waits(one, word):
    eventually('job %s waits for %s' % (one['id'], word), lambda: info(one)['status'] == 'pending' and word in info(one)['reason'])


# A licence nobody has told of, one that is used up elsewhere, one that is free.
wants = job(reservations='host.processors=1,%s=1' % name)
waits(wants, name)
assert name not in qb.getresources() and qb.resource(name) == {}
assert qb.updateresources({name: (2, 2)}) is True and qb.getresources()[name] == (2, 2)
waits(wants, name)
assert qb.updateresource({name: (0, '2')}) is True and sorted(qb.resource([name, 'license.none'])) == [name]
reach('complete', wants)
hold = job(reservations='%s=1' % name, cpus=1, package={'cmdline': 'exec sleep 600'})
eventually('it holds one', lambda: qb.getresources()[name] == (1, 2))
# The licence server counts the farm's own as well: one of them is ours.
assert qb.updateresources({name: (2, 2)}) and qb.getresources()[name] == (2, 2)
full = job(reservations='%s=1' % name)
waits(full, name)
assert qb.updateresources({name: (1, 2)}) and qb.getresources()[name][1] == 2
reach('complete', full)
qb.kill(hold)
eventually('given back', lambda: qb.getresources()[name] == (0, 2))
for wrong in ({'nothing': (0, 1)}, {'license.': (0, 1)}, {name: (-1, 2)}):
    try:
        qb.updateresources(wrong)
    except qb.QBError as error:
        assert list(wrong)[0] in str(error), error
    else:
        raise AssertionError('taken: %r' % wrong)

# What is set on a worker is a requirement and a reservation like its own.
asks = job(requirements='host.toolbox == "v12"', reservations='host.processors=1,host.dongle=1')
waits(asks, 'host.')
assert qb.updateworkerproperties('farmhost', 'host.toolbox=v12,note=x') is True
host = qb.hostinfo(name='farmhost')[0]
assert 'host.toolbox=v12' in host['properties'].split(',') and 'host.note=x' in host['properties'].split(',') and 'host.os=linux' in host['properties'], host
assert qb.updateworkerresources(host, 'host.dongle=0/1') is True
assert 'host.dongle=' in qb.hostinfo(name='farmhost')[0]['resources']
reach('complete', asks)
assert qb.updateworkerresources('farmhost', 'host.dongle=1/1') is True
later = job(reservations='host.dongle=1')
waits(later, 'host.dongle')
assert qb.updateworkerresources('farmhost', 'host.dongle=2') is True
reach('complete', later)
assert qb.deleteworkerresources('farmhost', ['host.dongle']) and qb.deleteworkerproperties('farmhost', ['toolbox', 'host.note']) is True
host = qb.hostinfo(name='farmhost')[0]
assert 'dongle' not in host['resources'] and 'toolbox' not in host['properties'], host
assert qb.updateworkerresources('nobody', 'host.x=1') is False
for function, wrong in ((qb.updateworkerresources, 'host.x=many'), (qb.updateworkerresources, 'x'), (qb.updateworkerproperties, 'x')):
    try:
        function('farmhost', wrong)
    except qb.QBError as error:
        assert wrong in str(error), error
    else:
        raise AssertionError('taken: %r' % wrong)
try:
    qb.deleteworkerresources('farmhost', 'host.x')
except TypeError as error:
    assert 'list' in str(error), error
print('resources by python %d.%d.%d' % sys.version_info[:3])
