"""Sources of events beside the logs of jobs: sources.py raised|hosts|globals|universal|awaits|ticks|answer …"""

import json
import os
import subprocess
import sys
import time

import qb
from qb.connection import call
import farm
from farm import callback, eventually, fired, frames, info, mark, reach, refused

what, rest = sys.argv[1], sys.argv[2:]
m = mark()


def firings(job, number=1):
    """How often a callback fired, and the outcomes of what is done."""
    count, records = fired(job, number)
    return count, [record['outcome'] for record in records if record['done']]


def settled(job, number, count):
    """Waits until a callback has fired so often and all of it is done."""
    eventually('%d firings of callback %d of job %s done' % (count, number, job['id']),
               lambda: firings(job, number)[0] == count == len(firings(job, number)[1]))


def refusal(event, part):
    try:
        qb.trigger(event)
    except qb.QBError as error:
        assert part in str(error), 'expected %r in %r' % (part, str(error))
        return
    raise AssertionError('%s was raised' % event)


def raised():
    executable, = rest
    job, item, instance, nobody, chained = qb.submit([
        frames('job', m, status='blocked', callbacks=[{'language': 'qube', 'triggers': 'approved-job-self', 'code': 'unblock-self'}]),
        frames('item', m, 3, agenda=[{'name': i, 'status': 'blocked'} for i in (1, 2, 3)], status='blocked', callbacks=[
            {'language': 'qube', 'triggers': 'checked-work-self-*', 'code': 'unblock-work-self'}]),
        frames('instance', m, status='blocked', callbacks=[{'language': 'qube', 'triggers': 'ready-subjob-self-0', 'code': 'unblock-self'}]),
        frames('nobody', m, status='blocked', callbacks=[{'language': 'qube', 'triggers': m.replace('-', '_').replace('.', '_') + 'on-global', 'code': 'unblock-self'}]),
        # Its label is known to the callback that raises the event, the job's number is not.
        frames('chained', m, status='blocked', callbacks=[{'language': 'qube', 'triggers': 'next-job-self', 'code': 'unblock-self'}]),
    ])
    first, = qb.submit(dict(frames('first', m), pgrp=job['pgrp'], callbacks=[
        {'language': 'python', 'triggers': 'complete-job-self', 'code': "qb.trigger('next-job-chained')"}]))

    # Twice with one request id: raised once.
    for _ in range(2):
        call('POST', '/api/v1/trigger', {'requestId': m + 'once', 'user': 'ann', 'event': 'approved-job-%d' % job['id']})
    assert qb.trigger('checked-work-%d-2' % item['id']) is True
    environment = dict(os.environ, QB_SUPERVISOR=qb.getsupervisor())
    said = subprocess.check_output([executable, 'trigger', 'ready-subjob-%d-0' % instance['id']], env=environment).decode().strip()
    assert said == 'ready-subjob-%d-0' % instance['id'], said
    on = m.replace('-', '_').replace('.', '_') + 'on-global'
    for _ in range(2):
        call('POST', '/api/v1/trigger', {'requestId': m + 'on', 'user': 'ann', 'event': on})
    reach('complete', job, instance, nobody, first, chained)
    assert firings(job)[0] == 1 and firings(nobody)[0] == 1, (firings(job), firings(nobody))
    eventually('item 2 alone complete', lambda: [w['status'] for w in info(item, agenda=True)['agenda']] == ['blocked', 'complete', 'blocked'])
    assert any('event raised: approved' in line['comment'] for line in qb.hist(job['id'])), [line['comment'] for line in qb.hist(job['id'])]

    # What cannot be raised.
    refusal('approved-job-self', 'inside a callback only')
    refusal('complete-job-%d' % job['id'], "the farm's own")
    refusal('checked-work-%d-*' % item['id'], 'name one item')
    refusal('checked-work-%d-9' % item['id'], 'no such job')
    refusal('approved-job-999999', 'no such job')
    refusal('a-global && b-global', 'one event')
    refusal('globaltime-5', 'clock')
    refusal('panic-host-*-nowhere', 'no host')
    qb.kill(item['id'])


def hosts():
    name, = rest
    watcher, here = qb.submit([
        frames('watcher', m, status='blocked', callbacks=[
            {'language': 'qube', 'triggers': 'locked-host-*-%s && unlocked-host-*-*' % name, 'code': 'unblock-self'},
            {'language': 'qube', 'triggers': 'locked-host-self-*', 'code': 'block-self'},
            {'language': 'qube', 'triggers': 'panic-host-*-*', 'code': 'block-self'},
            {'language': 'qube', 'triggers': 'assigned-host-self-%s' % name, 'code': 'block-self', 'max': 1}]),
        frames('here', m, package={'cmdline': 'sleep 60'}, cpus=1, callbacks=[
            {'language': 'python', 'triggers': 'locked-host-self-*', 'code': 'print(qb.event())'}])])
    reach('running', here)
    eventually('an instance on a host', lambda: info(here, subjobs=True)['subjobs'][0]['host'] == name)
    assert [host if isinstance(host, str) else host['name'] for host in qb.workerlock(name=name, lock=True)] == [name]
    settled(here, 1, 1)
    assert 'locked-host-self-%s' % name in open(rest_of_log(here)).read()
    # More locks are no other event; opening is.
    qb.workerlock(name=name, lockingString='host.processor_all=1,host.processor_0=1')
    qb.workerlock(name=name, lock=False)
    settled(watcher, 1, 1)
    # Unblocked, it is assigned: its own log says where.
    settled(watcher, 4, 1)
    qb.trigger('panic-host-*-%s' % name)
    settled(watcher, 3, 1)
    assert firings(watcher, 2)[0] == 0, 'an event of a host where it has no instance: %r' % (firings(watcher, 2),)
    qb.kill(here['id'], watcher['id'])


def rest_of_log(job):
    return os.path.join(os.path.dirname(farm.TRACE), 'data', 'log', 'job', str(job['id'] // 1000 * 1000), str(job['id']), '%d.cb' % job['id'])


def globals_():
    trace = farm.TRACE
    write = "open(%r, 'a').write('%%s %%s\\n' %% (%r, qb.event()))"

    def wrote(tag):
        with open(trace) as lines:
            return [line.strip().split(' ', 1)[1] for line in lines if line.startswith(m + tag + ' ')]
    open(trace, 'a').close()
    before, = qb.submit(frames('before', m))
    reach('complete', before)
    every, = qb.submitcallback({'language': 'python', 'triggers': 'complete-job-*', 'code': write % (trace, m + 'every')})
    assert every['id'] > 0 and every['triggers'] == 'complete-job-*' and every['pid'] == 0, every
    once, clock, repeat = qb.submitcallback([
        {'language': 'python', 'triggers': '%sgo-global' % m.replace('-', '_').replace('.', '_'), 'code': write % (trace, m + 'once'), 'max': 1},
        {'language': 'python', 'triggers': 'globaltime-%d' % (time.time() - qb.QB_TIME_EPOCH_OFFSET - 10), 'code': write % (trace, m + 'clock')},
        {'language': 'python', 'triggers': 'globalrepeat-%d-1' % (time.time() - qb.QB_TIME_EPOCH_OFFSET), 'code': write % (trace, m + 'repeat'), 'max': 2}])
    after = qb.submit([frames('one', m), frames('two', m)])
    reach('complete', *after)
    eventually('a firing for each of two jobs', lambda: len(wrote('every')) >= 2)
    assert sorted(wrote('every')) == ['complete-job-%d' % job['id'] for job in after], wrote('every')
    for _ in range(2):
        qb.trigger('%sgo-global' % m.replace('-', '_').replace('.', '_'))
    eventually('the clock and those that have fired as often as they may gone', lambda: [one['id'] for one in qb.callbackinfo()] == [every['id']])
    assert len(wrote('once')) == 1 and len(wrote('clock')) == 1 and len(wrote('repeat')) == 2, (wrote('once'), wrote('clock'), wrote('repeat'))
    listed, = qb.callbackinfo()
    assert listed['count'] == 2 and len(listed['firings']) == 2, listed
    assert 'callback' in open(os.path.join(os.path.dirname(trace), 'data', 'log', 'callback', 'global.cb')).read()
    assert qb.removecallback(every['id'], 4711) == [every['id']]
    assert qb.callbackinfo() == []
    for trigger, part in (('complete-job-self', 'belongs to no job'), ('complete-job-render', 'labels are of one process group')):
        try:
            qb.submitcallback({'language': 'python', 'triggers': trigger, 'code': 'pass'})
            raise AssertionError('%s was accepted' % trigger)
        except qb.QBError as error:
            assert part in str(error), str(error)


def universal():
    csv, = rest
    good, bad = qb.submit([
        frames('good', m, 2, callbacks=[callback('python', 'complete-job-self', '', 'pass')]),
        frames('bad', m, 2, package={'cmdline': 'exit QB_FRAME_NUMBER'})])
    assert any('nothing.txt' in warning for warning in qb.warnings()), qb.warnings()
    assert [(cb['id'], cb['language'], cb['triggers'], cb['user']) for cb in info(good, callbacks=True)['callbacks']][1:] == [
        (2, 'python', 'submit-job-self', 'qube'), (3, 'python', 'failed-work-self-*', 'qube')], info(good, callbacks=True)['callbacks']
    reach('complete', good)
    reach('failed', bad)
    settled(good, 2, 1)
    settled(bad, 1, 1)
    settled(bad, 2, 2)
    with open(csv) as lines:
        rows = [line.strip().split(',')[1:] for line in lines]
    assert sorted(row for row in rows if row[0] == str(bad['id'])) == [
        [str(bad['id']), bad['name'], bad['user'], str(i), 'farmhost', str(i)] for i in (1, 2)], rows
    assert 'submitted %d' % good['id'] in open(rest_of_log(good)).read()


def awaits():
    """A job with a clock, and one that waits for its host to be lost; prints their numbers."""
    name, = rest
    eventually('host %s there: one that never came is not lost' % name, lambda: any(host['name'] == name and host['state'] == 'active' for host in qb.hostinfo()))
    start = int(time.time()) - qb.QB_TIME_EPOCH_OFFSET + 1
    ticking, waiting = qb.submit([
        frames('ticking', m, status='blocked', callbacks=[{'language': 'qube', 'triggers': 'dummy-repeat-self-%d-1' % start, 'code': 'block-self'}]),
        frames('waiting', m, status='blocked', callbacks=[
            {'language': 'qube', 'triggers': 'down-host-*-%s' % name, 'code': 'unblock-self'},
            {'language': 'qube', 'triggers': 'back-host-*-%s' % name, 'code': 'block-self'},
            {'language': 'qube', 'triggers': 'active-host-*-%s' % name, 'code': 'block-self'}])])
    print(json.dumps([ticking['id'], waiting['id']]))


def seconds_of(job):
    return sorted(int(record['id'].split('/')[3]) for record in fired({'id': int(job)})[1])


def ticks():
    """Waits until the clock has struck so often; prints the seconds."""
    job, count = rest
    eventually('%s strikes' % count, lambda: len(seconds_of(job)) >= int(count))
    print(json.dumps(seconds_of(job)))


def answered():
    """Waits until a callback of a job has fired."""
    job, number = rest
    settled({'id': int(job)}, int(number), 1)


{'raised': raised, 'hosts': hosts, 'globals': globals_, 'universal': universal, 'awaits': awaits, 'ticks': ticks, 'answered': answered}[what]()
