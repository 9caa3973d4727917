import os
import tempfile
import threading
import unittest

import qb
import qb.connection
import qb.firing

from server import CUT, DROP, Server, free_port

JOB = {'prototype': 'cmdline', 'package': {'cmdline': 'true'}}


class Patient(unittest.TestCase):
    def tearDown(self):
        qb.settimeout(qb.connection.DEFAULT_TIMEOUT_MS)
        qb.firing._current.clear()

    def assertSameRequests(self, server, count):
        self.assertEqual(count, len(server.requests))
        self.assertEqual(1, len(set(request.raw for request in server.requests)))
        self.assertTrue(server.requests[0].body['requestId'])

    def test_should_repeat_a_submission_with_the_same_request_id_when_the_connection_drops(self):
        with Server(DROP, CUT, DROP, {'jobs': [{'id': 7, 'pgrp': 7, 'label': 'qube0'}]}) as server:
            self.assertEqual(7, qb.submit(JOB)[0]['id'])
        self.assertSameRequests(server, 4)

    def test_should_repeat_every_command_with_the_same_request_id_when_the_connection_drops(self):
        for command in (lambda: qb.kill(12), lambda: qb.unblockwork('12:1-5'), lambda: qb.modify({'priority': 5}, 12),
                        lambda: qb.workerlock(name='w', lock=True), lambda: qb.trigger('approved-job-12')):
            with Server(DROP, (503, {'error': {'message': 'the farm is away'}}), {'affected': ['12.0'], 'hosts': ['w']}) as server:
                self.assertTrue(command())
            self.assertSameRequests(server, 3)

    def test_should_take_another_request_id_when_it_is_another_call(self):
        with Server({'jobs': []}) as server:
            qb.submit(JOB)
            qb.submit(JOB)
        self.assertNotEqual(server.requests[0].body['requestId'], server.requests[1].body['requestId'])

    def test_should_count_calls_of_a_firing_once_however_often_they_are_sent(self):
        qb.firing.enter('12/2/job-11:40', 12)
        with Server({'affected': []}, DROP, {'affected': []}) as server:
            qb.kill(1)
            qb.kill(2)
            qb.kill(3)
        self.assertEqual(['1', '2', '2', '3'], [request.headers['x-qube-call'] for request in server.requests])
        self.assertEqual(set(['12/2/job-11:40']), set(request.headers['x-qube-firing'] for request in server.requests))

    def test_should_go_on_when_the_supervisor_starts_late(self):
        port = free_port()
        failures = []

        def late():
            try:
                self.assertEqual([], qb.jobinfo())
            except BaseException as failure:
                failures.append(failure)
        os.environ['QB_SUPERVISOR'] = '127.0.0.1:%d' % port
        try:
            asking = threading.Thread(target=late)
            asking.start()
            listener = Server.__new__(Server)
            try:
                start_on(listener, port, {'jobs': []})
                asking.join(30)
                self.assertEqual([], failures)
                self.assertEqual(1, len(listener.requests))
            finally:
                listener.close()
        finally:
            del os.environ['QB_SUPERVISOR']

    def test_should_try_once_when_there_is_no_time(self):
        qb.settimeout(0)
        os.environ['QB_SUPERVISOR'] = '127.0.0.1:%d' % free_port()
        try:
            qb.jobinfo()
        except qb.QBError as failure:
            self.assertIn('supervisor %s cannot be reached: ' % os.environ['QB_SUPERVISOR'], str(failure))
            self.assertIsNone(failure.status)
            self.assertFalse(failure.refused)
            self.assertEqual(str(failure), qb.error())
        else:
            self.fail('nobody answered')
        finally:
            del os.environ['QB_SUPERVISOR']

    def test_should_say_what_the_supervisor_said_when_it_stays_away(self):
        qb.settimeout(120)
        with Server((503, {'error': {'message': 'job 12 did not answer within 15 seconds; try again'}})) as server:
            try:
                qb.jobinfo(id=12)
            except qb.QBError as failure:
                self.assertIn('job 12 did not answer within 15 seconds', str(failure))
            else:
                self.fail('nothing was raised')
        self.assertTrue(len(server.requests) >= 2, len(server.requests))

    def test_should_keep_one_connection_for_many_calls(self):
        with Server({'jobs': []}) as server:
            for _ in range(20):
                qb.jobinfo()
        self.assertEqual((20, 1), (len(server.requests), server.connections))

    def test_should_not_share_a_connection_with_a_forked_child(self):
        with Server({'jobs': []}) as server:
            qb.jobinfo()
            child = os.fork()
            if child == 0:
                try:
                    qb.jobinfo()
                    os._exit(0)
                finally:
                    os._exit(1)
            self.assertEqual(0, os.waitpid(child, 0)[1])
            qb.jobinfo()
        self.assertEqual((3, 2), (len(server.requests), server.connections))


def start_on(server, port, answer):
    """A Server on a known port."""
    import socket
    server.answers, server.requests, server.connections = [answer], [], 0
    server._listener = socket.socket()
    server._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server._listener.bind(('127.0.0.1', port))
    server._listener.listen(5)
    server.port = port
    thread = threading.Thread(target=server._accept)
    thread.daemon = True
    thread.start()


class Refusals(unittest.TestCase):
    def raised(self, answer, call):
        with Server(answer) as server:
            try:
                call()
            except qb.QBError as failure:
                self.assertEqual(1, len(server.requests))
                return failure
        self.fail('nothing was raised')

    def test_should_raise_the_supervisors_message(self):
        failure = self.raised(
            (400, {'error': {'message': u'job 1 (label gr\xfcn), callbacks[0].triggers: column 22: expected )', 'job': u'gr\xfcn',
                             'field': 'callbacks[0].triggers', 'column': 22}}), lambda: qb.submit(JOB))
        self.assertIn('callbacks[0].triggers: column 22: expected )', str(failure))
        self.assertEqual((400, u'gr\xfcn', 'callbacks[0].triggers', 22), (failure.status, failure.job, failure.field, failure.column))
        self.assertTrue(failure.refused)

    def test_should_raise_for_queries_and_commands_too(self):
        for call in (lambda: qb.jobinfo(filters={'nme': 'x'}), lambda: qb.kill('x'), lambda: qb.hostinfo(), lambda: qb.hist(1), lambda: qb.stdout(1)):
            self.assertEqual('no', str(self.raised((400, {'error': {'message': 'no'}}), call)))

    def test_should_say_so_when_the_answer_is_no_json(self):
        self.assertIn('is not JSON', str(self.raised((200, b'<html>'), lambda: qb.jobinfo())))
        self.assertIn('HTTP 500', str(self.raised((500, b'oops'), lambda: qb.jobinfo())))

    def test_should_refuse_an_address_that_is_none(self):
        for wrong in ('ftp://x', 'host:port', 'http://'):
            os.environ['QB_SUPERVISOR'] = wrong
            try:
                self.assertRaises(qb.QBError, qb.jobinfo)
            finally:
                del os.environ['QB_SUPERVISOR']

    def test_should_write_a_line_and_return_nothing_when_refused_inside_a_script(self):
        import io
        import sys
        qb.firing.enter('f', 12)
        before, sys.stderr = sys.stderr, io.BytesIO() if sys.version_info[0] == 2 else io.StringIO()
        try:
            with Server((403, {'error': {'message': 'anna may not kill job 1'}})):
                self.assertEqual([], qb.kill(1))
            # An interpreter may have said something of its own about sockets of other tests.
            self.assertEqual(['qb.kill: anna may not kill job 1'], [line for line in sys.stderr.getvalue().splitlines() if line.startswith('qb.')])
        finally:
            sys.stderr = before
            qb.firing._current.clear()


class Finding(unittest.TestCase):
    def test_should_take_the_environment_first_and_qb_conf_next(self):
        with tempfile.NamedTemporaryFile('w', suffix='.conf') as conf, Server() as server:
            del os.environ['QB_SUPERVISOR']
            os.environ['QB_CONF'] = conf.name
            conf.write('# qb_supervisor = wrong\nqb_domain = .\n  qb_supervisor = 127.0.0.1:%d   # ours\n' % server.port)
            conf.flush()
            self.assertEqual('127.0.0.1:%d' % server.port, qb.getsupervisor())
            qb.hostinfo()
            self.assertEqual(1, len(server.requests))
            os.environ['QB_SUPERVISOR'] = 'other'
            self.assertEqual('other', qb.getsupervisor())

    def test_should_set_and_reset_the_supervisor(self):
        with Server():
            qb.setsupervisor('farm:1')
            self.assertEqual('farm:1', os.environ['QB_SUPERVISOR'])
            qb.setsupervisor('')
            self.assertNotIn('QB_SUPERVISOR', os.environ)

    def test_should_take_host_port_or_url(self):
        self.assertEqual((False, 'farm', 50001, ''), qb.connection._address('farm'))
        self.assertEqual((False, 'farm', 7, ''), qb.connection._address('farm:7'))
        self.assertEqual((True, 'farm', 7, '/qube'), qb.connection._address('https://farm:7/qube/'))

    def test_should_send_the_token_when_there_is_one(self):
        with tempfile.NamedTemporaryFile('w') as token, Server() as server:
            token.write('secret\n')
            token.flush()
            os.environ['QB_TOKEN_FILE'] = token.name
            qb.hostinfo()
        self.assertEqual('Bearer secret', server.requests[0].headers['authorization'])


if __name__ == '__main__':
    unittest.main()
