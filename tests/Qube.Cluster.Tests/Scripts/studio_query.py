# -*- coding: utf-8 -*-
"""A poller and a report: every filter, field and form of a query, history, logs, hosts, the farm."""

import datetime
import os
import subprocess
import sys
import tempfile
import time

import qb
from farm import TRACE, eventually, info, mark, reach

m = mark()
before = qb.currenttime()
assert abs(before - time.time()) < 3600 and isinstance(before, int), before
done, bad, idle = qb.submit([
    {'prototype': 'cmdrange', 'name': m + 'done', 'user': 'anna' + m, 'cpus': 2, 'priority': 11, 'prod_shot': 'sh010' + m, 'account': 'x',
     'package': {'cmdline': u'echo out QB_FRAME_NUMBER caf\u00e9; echo err QB_FRAME_NUMBER >&2', 'padding': 3}, 'agenda': qb.genframes('1-4')},
    {'prototype': 'cmdline', 'name': m + 'bad', 'user': 'ben' + m, 'priority': 22, 'package': {'cmdline': 'exit 3'}},
    {'prototype': 'cmdline', 'name': m + 'idle', 'user': 'ben' + m, 'priority': 33, 'status': 'blocked', 'package': {'cmdline': 'true'}}])
assert qb.waitfor('done-job-%d' % done['id'], 100)['job'] == done['id'] and qb.waitfor(bad, 100) and qb.waitfor('failed-job-%d' % bad['id'], 100)
assert qb.waitfor('complete-work-%d-3' % done['id'], 100)['item'] == '3' and qb.waitfor('complete-subjob-%d-*' % done['id'], 100)
assert qb.waitfor('complete-job-%d' % idle['id'], 0.2) is False and qb.waitfor('failed-job-%d' % done['id'], 0.2) is False
reach('complete', done)


def names(*arguments, **options):
    return sorted(job['name'][len(m):] for job in qb.jobinfo(*arguments, **options) if job['name'].startswith(m))


# Filters: alone, lists are OR, several are AND, wildcards, regular expressions; numbers as texts.
both = {'name': m + '*'}
for expected, filters in (
        ('bad done idle', both), ('done', {'user': 'anna' + m}), ('bad idle', {'user': ['ben' + m]}), ('bad done idle', {'user': ['ben' + m, 'anna' + m]}),
        ('bad', {'user': 'ben' + m, 'status': 'failed'}), ('idle', dict(both, status='blocked')), ('bad done', dict(both, status=['complete', 'failed'])),
        ('bad', {'name': '~^%sb' % m}), ('done', {'name': '~%s[cd]one' % m}), ('', {'name': m}), ('', dict(both, status='running')),
        ('done', dict(both, priority=11)), ('done', dict(both, priority='11')), ('bad done', dict(both, priority=[11, '22'])),
        ('bad done idle', dict(both, pgrp=done['pgrp'])), ('bad done idle', {'pgrp': str(done['pgrp'])}), ('done', {'prod_shot': 'sh010' + m}),
        ('done', dict(both, prototype='cmdrange')), ('done', dict(both, todo=4)), ('done', dict(both, cpus=2)), ('done', dict(both, account='x')),
        ('bad done idle', dict(both, cluster='/')), ('bad', {'id': bad['id']}), ('bad done', {'id': [bad['id'], str(done['id'])]}),
        ('bad done idle', dict(both, pid=1)), ('bad', dict(both, label='qube1')), ('', dict(both, nosuch='x'))):
    assert ' '.join(names(filters=filters)) == expected, (filters, names(filters=filters), expected)
assert names([], both) == names(None, both) == names(fields=[], filters=both) == ['bad', 'done', 'idle']
assert names(status='blocked') == ['idle'] and names(id=[bad['id'], idle['id']], status='failed') == ['bad']
assert names('-pgrp', done['pgrp']) == ['bad', 'done', 'idle'] and names('-id', bad['id']) == ['bad'] and names('-user', 'anna' + m, '-agenda') == ['done']
# Forms of an id.
for id in (done['id'], str(done['id']), [done['id']], '%d.0' % done['id'], '%d:1' % done['id'], done, (done,), u'%d' % done['id']):
    assert names(id=id) == ['done'], id
assert qb.jobinfo(id=[]) == qb.jobinfo(id=999999) == []
# Bounds, order, limit.
hour = datetime.timedelta(hours=1)
now = datetime.datetime.fromtimestamp(before)
assert names(filters=both, submittedAfter=now - hour) == names(filters=both, submittedBefore=now + hour) == ['bad', 'done', 'idle']
assert names(filters=both, submittedAfter=now + hour) == names(filters=both, updatedBefore=before - 3600) == []
assert names(filters=both, updatedAfter=datetime.date.today() - datetime.timedelta(2)) == ['bad', 'done', 'idle']
assert names(filters=both, minid=bad['id']) == ['bad', 'idle'] and names(filters=both, maxid=str(bad['id'])) == ['bad', 'done']
assert [job['priority'] for job in qb.jobinfo(filters=both, orderby='priority ASC')] == [11, 22, 33]
assert [job['priority'] for job in qb.jobinfo(filters=both, orderby='priority DESC', limit=2)] == [33, 22]
assert [job['id'] for job in qb.jobinfo(filters=both, orderby='id DESC', limit='1')] == [idle['id']]
# What is in it only when asked for; every attribute of a job otherwise.
plain = qb.jobinfo(id=done['id'])[0]
assert not [key for key in ('agenda', 'subjobs', 'callbacks') if key in plain], sorted(plain)
missing = [key for key in (
    'id name prototype package data cpus max_cpus priority cluster restrictions requirements reservations hosts omithosts groups omitgroups hostorder status '
    'subjobstatus agendastatus cpustally todotally todo dependency label pgrp pid user domain account kind notes flags flagsstring mailaddress retrysubjob '
    'retrywork retrywork_delay timeout agendatimeout agenda_timeout timelimit agenda_timelimit preflights postflights agenda_preflights agenda_postflights '
    'p_agenda_priority p_agenda_cpus prod_show prod_shot prod_seq prod_client prod_dept prod_custom1 prod_custom2 prod_custom3 prod_custom4 prod_custom5 env cwd '
    'umask drivemap pathmap timesubmit timestart timecomplete lastupdate deadline eta reason sourcehost localorder globalorder auto_migrate_count').split() if key not in plain]
assert not missing, missing
for options in ({'agenda': True, 'subjobs': True, 'callbacks': True}, {'fields': ['agenda', 'subjobs', 'callbacks']}, {'fields': ('work', 'instances', 'callbacks')}):
    job = qb.jobinfo(id=done['id'], **options)[0]
    assert (len(job['agenda']), len(job['subjobs']), job['callbacks']) == (4, 2, []), job
    assert (type(job['agenda'][0]), type(job['subjobs'][0])) == (qb.Work, qb.Subjob)
listed, = qb.jobinfo(agenda=True, subjobs=True, filters={'name': m + 'done'})
assert len(listed['agenda']) == 4 and len(listed['subjobs']) == 2
assert (job['cpustally']['complete'], job['todotally']['complete'], job['todotally']['failed'], job['status']) == (2, 4, 0, 'complete'), job
assert sorted(job['todotally']) == sorted('running blocked complete pending suspended failed killed waiting unknown badlogin'.split())
assert before - 60 <= job['timesubmit'] <= job['timestart'] <= job['timecomplete'] <= job['lastupdate'] + 1, job
assert info(idle)['timestart'] == qb.QB_TIME_EPOCH_OFFSET, info(idle)
work = job['agenda'][0]
assert not [key for key in 'name status pid id seq subid host address macaddress package data result resultpackage retry retrydelay count percent dependency timestart timecomplete lastupdate timesubmit time_cumulative'.split() if key not in work], work
assert (work['name'], work.name(), work['status'], work['host'], work['count'], work['percent']) == ('1', '1', 'complete', 'farmhost', 1, 100), work
sub = job['subjobs'][1]
assert not [key for key in 'id pid host count retry status lastupdate timesubmit timestart timecomplete allocations'.split() if key not in sub], sub
assert '%(pid)s.%(id)s %(status)s' % sub == '%d.1 complete' % done['id'], sub
assert 'progress %d%%' % (job['todotally']['complete'] * 100 / job['todo']) == 'progress 100%'
assert (plain.name, plain.id(), plain.status(), plain['package']['padding']) == (m + 'done', done['id'], 'complete', 3)

# History and logs.
lines = qb.hist(done['id'], str(bad['id']))
assert not [key for key in ('comment', 'stamp', 'timestamp', 'jobid', 'subid', 'workid') if key not in lines[0]], lines[0]
assert lines[0]['comment'].startswith('job submitted: pending') and set(line['jobid'] for line in lines) == set([done['id'], bad['id']]), lines
assert set(line['subid'] for line in qb.hist('%d.0' % done['id'])) == set([0]) and qb.hist('%d:2' % done['id'])[0]['workid'] == '2'
assert qb.hist(999999) == [] and [line['stamp'] for line in lines] == [int(line['stamp']) for line in lines]
out = ''.join(log['data'] for log in qb.stdout(done['id']))
assert sorted(out.splitlines()) == [u'out %03d caf\u00e9' % frame for frame in (1, 2, 3, 4)], out
assert sorted(''.join(log['data'] for log in qb.stderr(done['id'])).split()) == sorted('err 001 err 002 err 003 err 004'.split())
one = qb.stdout('%d.0' % done['id'])[0]
assert (one['jobid'], one['subid'], one['fullsize']) == (done['id'], 0, len(one['data'].encode('utf-8'))), one
assert qb.stdout('%d.0' % done['id'], pos=4, len=3)[0]['data'] == one['data'][4:7] and qb.stdout(999999) == []
assert sorted(set(log['logtype'] for log in qb.log(done['id']))) == ['stderr', 'stdout'] and len(qb.log('%d.0' % done['id'])) == 2
assert [(entry['jobid'], entry['subid'], entry['host']) for entry in qb.stats('%d.0' % done['id'], '%d.1' % done['id'])] == [(done['id'], 0, 'farmhost'), (done['id'], 1, 'farmhost')]
qb.setlogpath(os.path.join(os.path.dirname(TRACE), 'data', 'logs'))
if os.path.isdir(os.path.join(qb.getlogpath(), 'job')):
    assert qb.stdout('%d.0' % done['id'], pos=4, len=3)[0]['data'] == one['data'][4:7] and qb.stdout(done['id'])[0]['data'] == one['data']
qb.setlogpath('USE_SUPERVISOR')
assert qb.getlogpath() == ''
qb.setlogpath('')

# Hosts.
host, = qb.hostinfo()
assert type(host) is qb.Host and not [key for key in 'state name macaddress cluster resources restrictions properties stats groups address'.split() if key not in host], host
assert 'subjobs' not in host and qb.hostinfo(subjobs=True)[0]['subjobs'] == qb.hostinfo(['subjobs'])[0]['subjobs'] == []
assert [one['name'] for one in qb.hostinfo(name='farmhost', state='active')] == ['farmhost'] == [one['name'] for one in qb.workerinfo(filters={'name': 'farm*'})]
assert qb.hostinfo(name='nobody') == qb.hostinfo(state='down') == qb.hostinfo(filters={'name': ['x', '~^y']}) == []
assert qb.workerping('farmhost').startswith('farmhost') and qb.workerping(host, asDict=True)['state'] == 'active' and not qb.workerping('nobody')
assert qb.workerconfig('farmhost')['worker_cpus'] == '4' and qb.workerconfig('nobody') == {} and qb.bannedworkers() == []
assert [one['name'] for one in qb.hostorder(idle['id'])] == [] and qb.hostorder(999999) == [] and qb.joborder('nobody') == []
lock = qb.workerlock(name='farmhost', lock=True)
waiting = qb.submit({'prototype': 'cmdrange', 'name': m + 'waiting', 'priority': 1, 'package': {'cmdline': 'true'}, 'agenda': [1, 2]})[0]
assert waiting['id'] not in [one['id'] for one in qb.joborder('farmhost')], 'a locked host takes nothing'
qb.kill(waiting)
qb.workerlock(name='farmhost', lock=False)

# The farm.
assert qb.ping().count('farmhost') == 1 and qb.ping(asDict=True)['version'] and qb.info()['supervisor'] == os.environ['QB_SUPERVISOR']
assert qb.isadmin('root') is True and qb.isadmin('anna') is False and qb.getusers() == {} and qb.version()
assert qb.setusers('set', 'anna', ['kill', 'retry']) is True and sorted(qb.getusers()['anna']['']) == ['kill', 'retry']
assert qb.setusers('delete', 'anna') is True and qb.getusers() == {}
config = qb.supervisorconfig()
assert (config['supervisor_default_cluster'], config['supervisor_default_priority']) == ('/', '9999') and config['supervisor_port'].isdigit(), config
assert qb.validatejob(done['id'], agenda=True, subjobs=True, verbose=True) is True and qb.validatejob(999999) is False
assert qb.JobValidator().validate(job, agenda=True, subjobs=True) and not qb.JobValidator().validate({'prototype': 'cmdline', 'cpus': '1'})
for name in 'encryptpassword getpreferences setpreference send_ML_authdata checkpassword updatepassword deletepreference admincommand'.split():
    try:
        getattr(qb, name)('a', 'b')
    except qb.QBError as error:
        assert 'qb.%s() is not offered' % name in str(error) == qb.error(), error
    else:
        raise AssertionError('%s did something' % name)

# An archive gives the job back as it was, and what it was is submitted again.
with tempfile.NamedTemporaryFile(suffix='.xja') as archive:
    assert qb.archivejob(archive.name, job) == os.path.getsize(archive.name)
    found = qb.recoverjob(archive.name)
    assert found == job and type(found['agenda'][0]) is qb.Work, found
    again = qb.submit(dict((key, found[key]) for key in ('name', 'prototype', 'package', 'agenda', 'cpus')), {'prototype': 'cmdline', 'package': {'cmdline': 'true'}, 'name': m})
    reach('complete', *again)
assert qb.recoverjob('/nonexistent') is None and qb.recoverjob(__file__) is None

# QB_SUPERVISOR set after the import counts, and a fresh interpreter needs none to import.
child = subprocess.Popen([sys.executable, '-c', 'import os, qb; os.environ["QB_SUPERVISOR"] = %r; print(qb.jobinfo(id=%d)[0]["name"])' % (os.environ['QB_SUPERVISOR'], done['id'])],
                         env=dict((key, value) for key, value in os.environ.items() if key != 'QB_SUPERVISOR'), stdout=subprocess.PIPE)
assert child.communicate()[0].decode('utf-8').strip() == m + 'done'

# The recorder.
with tempfile.NamedTemporaryFile() as record:
    os.environ.update(QB_RECORD=record.name, QB_RECORD_ONLY='1')
    job = {'prototype': 'cmdline', 'name': m + 'recorded', 'package': {'cmdline': 'true', 'z': 1, 'a': u'\u00e9', 'n': None}}
    recorded = qb.submit(job)
    assert qb.jobinfo(filters={'name': m + 'recorded'}) == []
    assert recorded[0]['id'] == recorded[0]['pgrp'] == 1 and recorded[0]['label'] == 'qube0', recorded
    del os.environ['QB_RECORD_ONLY']
    sent = qb.submit(dict(job, status='blocked'))
    del os.environ['QB_RECORD']
    first, second = open(record.name).read().splitlines()
    assert first == '{"call":"submit","jobs":[{"name":"%srecorded","package":{"a":"\\u00e9","cmdline":"true","n":null,"z":1},"prototype":"cmdline"}]}' % m, first
    assert '"status":"blocked"' in second, second
    assert names(filters={'name': m + 'recorded'}) == ['recorded'], names()
    qb.kill(sent)

qb.kill(idle)
eventually('all of it removed', lambda: [qb.remove(job) for job in qb.jobinfo(filters={'name': m + '*'})] == [])
print('asked by python %d.%d.%d' % sys.version_info[:3])
