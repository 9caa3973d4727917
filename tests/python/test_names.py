"""The whole documented surface is there, imports without a supervisor, and says what it does not offer."""

import os
import subprocess
import sys
import unittest

import qb

# python-api.md, table by table.
NAMES = '''
QB_API_BINARY QB_API_XML QB_TIME_EPOCH_OFFSET QB_CLIENT_DEFAULT_CONF QB_SUPERVISOR_CONFIG_DEFAULT_LICENSE_FILE
QB_SUPERVISOR_CONFIG_DEFAULT_LOGFILE QB_SUPERVISOR_CONFIG_DEFAULT_LOGPATH QB_SUPERVISOR_CONFIG_DEFAULT_WORKER_CONFIGFILE
QB_WORKER_CONFIG_DEFAULT_LOGFILE
QBObject Job Subjob Work Host Callback JobTallyValidator JobValidator
submit submitcallback archivejob recoverjob validatejob
jobinfo hostinfo workerinfo hostorder joborder workorder hist stats stdout stderr log jobtagvalues getresources resource getusers isadmin
supervisorconfig workerconfig localconfig bannedworkers ping workerping info version currenttime error
block unblock kill interrupt preempt migrate suspend resume retire complete retry requeue remove shove top bottom modify
blockwork workblock unblockwork workunblock killwork workkill retrywork workretry requeuework workrequeue retirework completework workcomplete
genframes genchunks genpartitions rangesplit rangechunk rangepartition rangejoin rangeorder binarySort
workerpathmap jobconfig jobtypeavailable jobid subid
workerlock updateworkerresources updateworkerproperties deleteworkerresources deleteworkerproperties updateresources updateresource setusers
qbadmin_reconfigureworkers updateworkerconfig updatelocalconfig admincommand CONST getsupervisor setsupervisor gettimeout settimeout
getlogpath setlogpath waitfor getpreferences setpreference deletepreference encryptpassword checkpassword updatepassword send_ML_authdata mktime
fail failwork trigger workname event QBError QBRangeError
'''.split()

NOT_OFFERED = '''getpreferences setpreference deletepreference encryptpassword checkpassword updatepassword send_ML_authdata
admincommand updateworkerconfig updatelocalconfig qbadmin_reconfigureworkers'''.split()


class Names(unittest.TestCase):
    def test_should_have_every_documented_name(self):
        self.assertEqual([], [name for name in NAMES if not hasattr(qb, name)])
        for name in NAMES:
            if not name.startswith('QB_'):
                self.assertTrue((getattr(qb, name).__doc__ or '').strip(), name)

    def test_should_say_so_when_a_name_is_not_offered(self):
        for name in NOT_OFFERED:
            with self.assertRaises(qb.QBNotOffered) as raised:
                getattr(qb, name)('anna', key='x')
            self.assertIn('qb.%s() is not offered' % name, str(raised.exception))
            self.assertEqual(str(raised.exception), qb.error())
            self.assertIsInstance(raised.exception, qb.QBError)

    def test_should_know_constants_by_name(self):
        self.assertEqual((1, 2, 946702800, '/etc/qb.conf'), tuple(qb.CONST(name) for name in (
            'QB_API_BINARY', 'QB_API_XML', 'QB_TIME_EPOCH_OFFSET', 'QB_CLIENT_DEFAULT_CONF')))
        self.assertRaises(KeyError, qb.CONST, 'QB_NOTHING')

    def test_should_import_without_a_supervisor_and_open_nothing(self):
        # Neither a connection, nor a thread, nor a line on any stream.
        code = ('import socket, threading\n'
                'def refuse(*a, **k): raise AssertionError("connected")\n'
                'socket.socket.connect = refuse; socket.create_connection = refuse\n'
                'import qb\n'
                'assert threading.active_count() == 1\n'
                'assert qb.genframes("1-3") and qb.Job(name="x") and qb.getsupervisor() == "127.0.0.1"')
        env = dict((key, value) for key, value in os.environ.items() if not key.startswith('QB_'))
        env['QB_CONF'] = '/nonexistent'
        child = subprocess.Popen([sys.executable, '-W', 'error', '-c', code], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = child.communicate()[0]
        self.assertEqual((0, b''), (child.returncode, output), output)


if __name__ == '__main__':
    unittest.main()
