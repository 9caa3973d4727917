"""Users and what they may do (scheduling.md 13, callbacks.md Q26)."""

import io
import os
import sys
import unittest

import qb
import qb.firing

from server import Server

USERS = {
    'users': [
        {'name': 'ann', 'mask': 17, 'permissions': ['submit_job', 'kill'], 'group': 'comp', 'groupMask': 16, 'groupPermissions': ['kill']},
        {'name': 'bob', 'mask': 0x40000000, 'permissions': ['admin'], 'group': '', 'groupMask': 0, 'groupPermissions': []},
    ],
    'default': {'name': '', 'mask': 136314867}, 'admins': ['root', 'qube'],
}


class Users(unittest.TestCase):
    def test_should_list_users_by_group(self):
        with Server(USERS) as server:
            self.assertEqual({'ann': {'': ['submit_job', 'kill'], 'comp': ['kill']}, 'bob': {'': ['admin']}}, qb.getusers())
            self.assertEqual({'ann': {'': 17, 'comp': 16}, 'bob': {'': 0x40000000}}, qb.getusers(convert=False))
            self.assertEqual([True, True, True, False, False], [qb.isadmin(user) for user in ('root', 'qube', 'bob', 'ann', 'zoe')])
        self.assertEqual(set([('GET', '/api/v1/users')]), set((one.method, one.path) for one in server.requests))

    def test_should_send_what_is_to_be_changed(self):
        with Server(USERS) as server:
            self.assertTrue(qb.setusers('add', 'ann', ['kill', 'all'], group='comp'))
            self.assertTrue(qb.setusers('delete', 'ann', 'kill'))
        first, second = [one.body for one in server.requests]
        self.assertEqual(('add', 'ann', ['kill', 'all'], 'comp'), tuple(first[name] for name in ('action', 'name', 'permissions', 'group')))
        self.assertEqual(('delete', ['kill'], ''), tuple(second[name] for name in ('action', 'permissions', 'group')))
        self.assertNotEqual(first['requestId'], second['requestId'])

    def test_should_raise_when_refused_and_say_so_in_a_script(self):
        with Server((403, {'error': {'message': 'eve has no permission'}})):
            with self.assertRaises(qb.QBError) as raised:
                qb.setusers('add', 'eve', ['admin'])
            self.assertEqual(403, raised.exception.status)
            self.assertIn('eve has no permission', self.said_by_a_script(lambda: self.assertFalse(qb.setusers('add', 'eve', ['admin']))))

    def test_should_leave_out_what_is_denied_and_say_why_in_a_script(self):
        with Server({'affected': ['12.0'], 'denied': ['job 13: eve has no permission to kill jobs of bob']}):
            self.assertEqual(['12.0'], qb.kill(12, 13))
            self.assertIn('job 13', qb.error())
            self.assertEqual('qb.kill: job 13: eve has no permission to kill jobs of bob\n', self.said_by_a_script(lambda: qb.kill(12, 13)))

    def test_should_not_export_the_token_with_the_environment(self):
        with Server({'jobs': [{'id': 7}]}) as server:
            os.environ['QB_TOKEN'] = 'secret-of-ann'
            qb.submit({'prototype': 'cmdline', 'package': {'cmdline': 'true'}, 'flagsstring': 'export_environment'})
        sent = server.requests[0].body['jobs'][0]
        self.assertIn('PATH', sent['exported_env'])
        self.assertNotIn('secret-of-ann', str(sent))

    def test_should_name_the_file_when_the_authority_cannot_be_read(self):
        with Server({}) as server:
            os.environ['QB_SUPERVISOR'] = 'https://127.0.0.1:%d' % server.port
            os.environ['QB_CA_FILE'] = '/nowhere/ca.pem'
            try:
                with self.assertRaises(qb.QBError) as raised:
                    qb.jobinfo()
            finally:
                del os.environ['QB_CA_FILE']
            self.assertIn('/nowhere/ca.pem', str(raised.exception))

    def said_by_a_script(self, call):
        said, before = io.BytesIO() if sys.version_info[0] == 2 else io.StringIO(), sys.stderr
        qb.firing.enter('1/1/2/3/0', 1, 'eve')
        sys.stderr = said
        try:
            call()
        finally:
            sys.stderr = before
            qb.firing._current.clear()
        return said.getvalue()


if __name__ == '__main__':
    unittest.main()
