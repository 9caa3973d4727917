import datetime
import os
import sys
import time
import unittest

import qb
import qb.firing

from server import Server, free_port

JOB = {'prototype': 'cmdrange', 'package': {'cmdline': 'render QB_FRAME_NUMBER'}}


def asked(call, answer=None):
    """(what the call returned, the one request's body, its path)"""
    with Server(answer or {}) as server:
        result = call()
    if len(server.requests) != 1:
        raise AssertionError('expected 1 request, got %d' % len(server.requests))
    return result, server.requests[0].body, server.requests[0].path


class Submitting(unittest.TestCase):
    def submitted(self, *jobs, **options):
        answer = {'jobs': [{'id': 7, 'pgrp': 7, 'label': 'qube0'}, {'id': 8, 'pgrp': 7, 'label': 'b'}], 'warnings': []}
        return asked(lambda: qb.submit(*jobs, **options), answer)

    def test_should_take_one_job_a_list_or_several(self):
        for jobs in ((JOB,), ([JOB],), (qb.Job(JOB),)):
            self.assertEqual([JOB['package']], [job['package'] for job in self.submitted(*jobs)[1]['jobs']])
        for jobs in ((JOB, JOB), ([JOB, JOB],), ([JOB], qb.Job(JOB)), ((JOB, [JOB]),)):
            found, body, path = self.submitted(*jobs)
            self.assertEqual((2, '/api/v1/jobs'), (len(body['jobs']), path))
            self.assertEqual([7, 8], [job['id'] for job in found])

    def test_should_answer_with_jobs(self):
        found = self.submitted(dict(JOB, name='a', agenda=qb.genframes('1-3')), dict(JOB, label='b'))[0]
        self.assertIsInstance(found[0], qb.Job)
        self.assertEqual((7, 7, 7), (found[0]['id'], found[0].id, found[0].pgrp()))
        self.assertEqual('a', found[0]['name'])
        self.assertEqual(3, len(found[0]['agenda']))

    def test_should_leave_the_callers_job_as_it_was(self):
        job = qb.Job(JOB)
        self.submitted(job)
        self.assertEqual(JOB, job)

    def test_should_refuse_what_is_no_job(self):
        for wrong in ('cmdline', 5, [None]):
            self.assertRaises(qb.QBError, qb.submit, wrong)
        self.assertRaises(TypeError, qb.submit, JOB, later=True)
        self.assertEqual([], qb.submit([]))

    def test_should_send_everything_as_it_was_given(self):
        callback = qb.Callback({'triggers': 'complete-work-self-*', 'language': 'python', 'code': 'qb.unblock(qb.jobid())\n'})
        job = dict(JOB, cpus='4', priority='10', unknown_key={'x': [1, '2']}, callbacks=[callback], agenda=qb.genframes('1-1000000'),
                   dependency='link-done-job-5', waitfor='5,6')
        sent = self.submitted(job, deferTableCreation=False)[1]['jobs'][0]
        self.assertEqual(('4', '10', {'x': [1, '2']}), (sent['cpus'], sent['priority'], sent['unknown_key']))
        self.assertEqual([dict(callback)], sent['callbacks'])
        self.assertEqual('1-1000000', sent['agenda']['range'])
        # The supervisor's business: it alone knows what both together mean.
        self.assertEqual(('link-done-job-5', '5,6'), (sent['dependency'], sent['waitfor']))

    def test_should_say_who_and_where(self):
        body = self.submitted(JOB)[1]
        self.assertTrue(body['user'])
        self.assertEqual(os.getcwd(), body['jobs'][0]['cwd'])
        self.assertEqual('/elsewhere', self.submitted(dict(JOB, cwd='/elsewhere'))[1]['jobs'][0]['cwd'])

    def test_should_send_the_environment_only_when_asked_to(self):
        self.assertNotIn('exported_env', self.submitted(JOB)[1]['jobs'][0])
        os.environ['QB_TEST_EXPORTED'] = 'yes'
        try:
            for flags in ({'flags': 16 + 8}, {'flags': '24'}, {'flagsstring': 'auto_mount,export_environment'}, {'flags': 'export_environment'}):
                sent = self.submitted(dict(JOB, env={'A': '1'}, **flags))[1]['jobs'][0]
                self.assertEqual('yes', sent['exported_env']['QB_TEST_EXPORTED'])
                self.assertEqual({'A': '1'}, sent['env'])
        finally:
            del os.environ['QB_TEST_EXPORTED']

    def test_should_show_warnings(self):
        before, sys.stderr = sys.stderr, open(os.devnull, 'w')
        try:
            asked(lambda: qb.submit(JOB), {'jobs': [], 'warnings': ['job 1: complete-job-x can never fire']})
        finally:
            sys.stderr.close()
            sys.stderr = before
        self.assertEqual(['job 1: complete-job-x can never fire'], qb.warnings())

    def test_should_only_ask_when_checking(self):
        self.assertEqual(True, self.submitted(JOB, check=True)[1]['check'])
        self.assertEqual(False, self.submitted(JOB)[1]['check'])


class Asking(unittest.TestCase):
    def query(self, *arguments, **options):
        return asked(lambda: qb.jobinfo(*arguments, **options), {'jobs': []})[1]

    def test_should_ask_for_jobs_by_id(self):
        for id, expected in ((12, [12]), ('12', [12]), ([12, '13'], [12, 13]), ('12,13', [12, 13]), (qb.Job({'id': 12}), [12]), ('12.0', [12]),
                             ('12:5', [12])):
            self.assertEqual(expected, self.query(id=id)['ids'])
        self.assertEqual([12], self.query(filters={'id': 12})['ids'])
        self.assertRaises(qb.QBError, qb.jobinfo, id='x')
        # No id at all is not all jobs.
        self.assertEqual([], qb.jobinfo(id=[]))

    def test_should_ask_for_details_either_way(self):
        for options in (dict(agenda=True, subjobs=True, callbacks=True), dict(fields=['agenda', 'subjobs', 'callbacks'])):
            body = self.query(**options)
            self.assertEqual((True, True, True), (body['agenda'], body['subjobs'], body['callbacks']))
        body = self.query(fields='work')
        self.assertEqual((True, False, False), (body['agenda'], body['subjobs'], body['callbacks']))
        self.assertEqual(True, self.query(['agenda'], {'user': 'anna'})['agenda'])

    def test_should_filter(self):
        body = self.query(filters={'user': ['anna', '~^b'], 'cluster': '/x/*'}, status=['running', 'pending'], minid=5, maxid='9', limit=3,
                          orderby='id DESC', updatedAfter=datetime.datetime(2026, 1, 2), submittedBefore=5)
        self.assertEqual({'user': ['anna', '~^b'], 'cluster': '/x/*', 'status': ['running', 'pending']}, body['filters'])
        self.assertEqual((5, 9, 3, 'id DESC', 5), (body['minid'], body['maxid'], body['limit'], body['orderby'], body['submittedBefore']))
        self.assertEqual(int(time.mktime((2026, 1, 2, 0, 0, 0, 0, 0, -1))), body['updatedAfter'])
        self.assertNotIn('ids', self.query())

    def test_should_take_flags_as_callbacks_write_them(self):
        self.assertEqual([12], self.query('-id', 12)['ids'])
        self.assertEqual([12, 13], self.query('-id', 12, '-id', 13)['ids'])
        body = self.query('-pgrp', 7, '-user', 'anna', '-agenda')
        self.assertEqual(({'pgrp': 7, 'user': 'anna'}, True), (body['filters'], body['agenda']))
        self.assertRaises(qb.QBError, qb.jobinfo, '-id')
        self.assertRaises(qb.QBError, qb.jobinfo, '-id', 5, 6)

    def test_should_answer_with_objects(self):
        answer = {'jobs': [{'id': 12, 'name': 'x', 'package': {'cmdline': 'ls'}, 'agenda': [{'pid': 12, 'name': '5', 'status': 'running'}],
                            'subjobs': [{'pid': 12, 'id': 0, 'host': {'name': 'w'}}], 'callbacks': [{'id': 1, 'triggers': 't'}]}]}
        job = asked(lambda: qb.jobinfo(id=12, agenda=True), answer)[0][0]
        self.assertEqual((qb.Job, qb.Work, qb.Subjob, qb.Callback),
                         (type(job), type(job['agenda'][0]), type(job['subjobs'][0]), type(job['callbacks'][0])))
        self.assertEqual('running', job.agenda()[0].status())
        self.assertEqual('ls', job.package.cmdline)
        self.assertEqual('12 x', '%(id)s %(name)s' % job)

    def test_should_ask_for_hosts(self):
        found, body, path = asked(lambda: qb.hostinfo(name=['w1', 'w2'], state='active', subjobs=True),
                                  {'hosts': [{'name': 'w1', 'subjobs': [{'pid': 1, 'id': 0}]}]})
        self.assertEqual({'filters': {}, 'name': ['w1', 'w2'], 'state': 'active', 'subjobs': True}, body)
        self.assertEqual(('/api/v1/hosts/query', qb.Host, qb.Subjob), (path, type(found[0]), type(found[0].subjobs[0])))

    def test_should_ask_for_history(self):
        line = {'jobid': 250, 'subid': 0, 'workid': '5', 'stamp': 1, 'timestamp': 'x', 'comment': 'y', 'user': 'z'}
        found, body, path = asked(lambda: qb.hist('250.0', 251, qb.Work({'pid': 252, 'name': '5'})), {'history': [line]})
        self.assertEqual((['250.0', '251', '252:5'], '/api/v1/hist'), (body['ids'], path))
        self.assertEqual(line, found[0])

    def test_should_ask_for_logs(self):
        log = {'jobid': 12, 'subid': 0, 'data': 'x', 'fullsize': 1, 'next': 1}
        for function, stream in ((qb.stdout, 'out'), (qb.stderr, 'err')):
            found, body, path = asked(lambda: function(12, '13.0', pos=5, len=10), {'logs': [log]})
            self.assertEqual(({'ids': ['12', '13.0'], 'stream': stream, 'pos': 5, 'len': 10}, '/api/v1/logs'), (body, path))
            self.assertEqual([log], found)
        self.assertRaises(TypeError, qb.stdout, 12, position=5)

    def test_should_read_on_when_an_answer_holds_a_part_of_a_log(self):
        def part(subid, data, next):
            return {'jobid': 12, 'subid': subid, 'data': data, 'fullsize': 6, 'next': next}
        with Server({'logs': [part(0, 'abcd', 4), part(1, '', 0)]}, {'logs': [part(0, 'ef', 6)]}, {'logs': [part(1, 'uvw', 3)]},
                    {'logs': [part(1, 'xyz', 6)]}) as server:
            self.assertEqual(['abcdef', 'uvwxyz'], [log['data'] for log in qb.stdout(12)])
        self.assertEqual([('12', 0, -1), ('12.0', 4, 2), ('12.1', 0, 6), ('12.1', 3, 3)],
                         [(request.body['ids'][0], request.body['pos'], request.body['len']) for request in server.requests])

    def test_should_ping(self):
        details = {'name': 'farm', 'address': '127.0.0.1', 'version': '0.1.0'}
        with Server(details) as server:
            self.assertEqual('farm (127.0.0.1) - 0.1.0', qb.ping())
            self.assertEqual('farm', qb.ping(asDict=True)['name'])
            self.assertIs(True, qb.ping('127.0.0.1', server.port))
        port = free_port()
        self.assertFalse(qb.ping('127.0.0.1', port, timeout=0))
        self.assertEqual({}, qb.ping('127.0.0.1:%d' % port, timeout=0, asDict=True))

    def test_should_tell_the_supervisors_time(self):
        self.assertEqual(5, qbtime({'time': 5}))
        self.assertRaises(qb.QBError, qbtime, {'x': 5})


def qbtime(answer):
    with Server(answer):
        return qb.currenttime()


class Commanding(unittest.TestCase):
    def commanded(self, function, *ids):
        found, body, path = asked(lambda: function(*ids), {'affected': ['12.0', '12.1']})
        self.assertEqual('/api/v1/control', path)
        return found, body['verb'], body['scope'], body['ids']

    def test_should_command_jobs_and_instances(self):
        for name in 'block unblock kill retry requeue interrupt preempt migrate suspend resume retire fail'.split():
            self.assertEqual((['12.0', '12.1'], name, 'job', ['12', '13.0']), self.commanded(getattr(qb, name), 12, '13.0'))
            self.assertEqual(name, getattr(qb, name).__name__)
        self.assertEqual('retire', self.commanded(qb.complete, 12)[1])

    def test_should_command_whole_jobs_and_answer_with_numbers(self):
        for name in 'remove shove top bottom'.split():
            found, body, _ = asked(lambda: getattr(qb, name)('12'), {'affected': ['12']})
            self.assertEqual(([12], name, 'job'), (found, body['verb'], body['scope']))

    def test_should_command_items_under_both_spellings(self):
        for verb in 'block unblock kill retry requeue retire fail'.split():
            for name in (verb + 'work', 'work' + verb):
                self.assertEqual((verb, 'work', ['12:5', '12:1-10']), self.commanded(getattr(qb, name), '12:5', '12:1-10')[1:], name)
        for name in ('completework', 'workcomplete'):
            self.assertEqual('retire', self.commanded(getattr(qb, name), '12:5')[1])

    def test_should_leave_items_to_workunblock_and_jobs_to_unblock(self):
        # spec/callbacks.md Q12.
        self.assertEqual(('unblock', 'job', ['12']), self.commanded(qb.unblock, 12)[1:])
        self.assertEqual(('unblock', 'work', ['12:5']), self.commanded(qb.workunblock, '12:5')[1:])

    def test_should_take_ids_in_every_form(self):
        job, subjob, work = qb.Job({'id': 12, 'pid': 1, 'name': 'x', 'prototype': 'y'}), qb.Subjob({'pid': 12, 'id': 0}), qb.Work({'pid': 12, 'name': '5'})
        self.assertEqual(['12', '12.0', '13', '14', '15'], self.commanded(qb.kill, job, subjob, [13, '14'], 15.0)[3])
        self.assertEqual(['12:5', '12:Segment: 1-200'], self.commanded(qb.killwork, [work], '12:Segment: 1-200')[3])
        self.assertEqual(['12'], self.commanded(qb.kill, job.id)[3])
        self.assertEqual([], qb.kill())
        self.assertEqual([], qb.kill([]))

    def test_should_say_so_when_an_object_has_no_id(self):
        self.assertRaises(qb.QBError, qb.kill, qb.Job(JOB))
        self.assertRaises(qb.QBError, qb.killwork, qb.genframes('1-3'))

    def test_should_modify(self):
        found, body, path = asked(lambda: qb.modify({'priority': 5}, 12, '13'), {'affected': ['12', '13']})
        self.assertEqual(([12, 13], {'priority': 5}, ['12', '13'], '/api/v1/modify'), (found, body['params'], body['ids'], path))

    def test_should_lock_workers(self):
        found, body, path = asked(lambda: qb.workerlock(name=['w1', qb.Host({'name': 'w2'})], lock=True, purge=True), {'hosts': ['w1', 'w2']})
        self.assertEqual((['w1', 'w2'], ['w1', 'w2'], True, True, '/api/v1/hosts/lock'), (found, body['names'], body['lock'], body['purge'], path))
        body = asked(lambda: qb.workerlock(name='w1', lockingString='host.processor_0=1'), {'hosts': []})[1]
        self.assertEqual('host.processor_0=1', body['locks'])
        self.assertRaises(qb.QBError, qb.workerlock, lock=True)
        self.assertRaises(qb.QBError, qb.workerlock, name='w1')

    def test_should_know_nothing_of_a_firing_outside_a_script(self):
        for function in (qb.jobid, qb.subid, qb.workname, qb.event):
            self.assertRaises(qb.QBError, function)

    def test_should_know_its_firing_inside_a_script(self):
        qb.firing.enter('f', 12, 'anna', '5', 3, 'complete-work-A-5')
        try:
            self.assertEqual((12, '5', 3, 'complete-work-A-5'), (qb.jobid(), qb.workname(), qb.subid(), qb.event()))
            with Server({'affected': []}) as server:
                qb.unblock(qb.jobid())
            self.assertEqual('anna', server.requests[0].body['user'])
        finally:
            qb.firing._current.clear()


if __name__ == '__main__':
    unittest.main()
