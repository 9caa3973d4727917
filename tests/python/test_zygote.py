import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import qb

ZYGOTE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(qb.__file__))), 'qb_callbacks', 'zygote.py')


def alive(pid):
    try:
        with open('/proc/%d/stat' % pid) as stat:
            return stat.read().rsplit(')', 1)[1].split()[0] not in 'ZX'
    except (IOError, OSError):
        return False


def until(expected, look):
    """What ``look`` says once it is true; it says so when it never is."""
    deadline = time.time() + 60
    while True:
        seen = look()
        if seen:
            return seen
        if time.time() > deadline:
            raise AssertionError('expected %s within 60 s; last seen: %r' % (expected, seen))
        time.sleep(0.005)


class Zygote(unittest.TestCase):
    """The process that ScriptPool starts, under the interpreter that runs this."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.process = subprocess.Popen([sys.executable, '-B', ZYGOTE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.assertEqual({'ready': self.process.pid}, self.answer())

    def tearDown(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder)

    def answer(self):
        return json.loads(self.process.stdout.readline().decode('ascii'))

    def send(self, request):
        self.process.stdin.write((json.dumps(request) + '\n').encode('ascii'))
        self.process.stdin.flush()

    def run_script(self, code, **more):
        request = dict(run=1, firing='f', code=code, job=12, item='5', instance=None, event='complete-work-A-5', user='anna', name='callback 2 of job 12',
                       header='=== header ===', output=os.path.join(self.folder, '12.cb'), supervisor='127.0.0.1:1', limit=60, cap=1000000, memory=0,
                       account=None)
        self.send(dict(request, **more))
        return self.answer()['started']

    def ended(self, code, **more):
        self.run_script(code, **more)
        end = self.answer()
        with open(os.path.join(self.folder, '12.cb'), 'rb') as output:
            return end, output.read().decode('utf-8')

    def test_should_tell_every_end(self):
        for code, expected in (('x = 1', {'exit': 'completed'}), ('import sys; sys.exit(3)', {'exit': 'exited', 'code': 3}),
                               ('import os; os._exit(0)', {'exit': 'exited', 'code': 0}), ('raise ValueError("x")', {'exit': 'failed', 'text': 'ValueError: x'}),
                               ('import os; os.kill(os.getpid(), 9)', {'exit': 'crashed', 'signal': 9})):
            end = self.ended(code)[0]
            # An end may also say that there is nothing to say.
            told = dict((name, end[name]) for name in end if name not in ('run', 'seconds', 'bytes'))
            self.assertEqual(expected, dict((name, value) for name, value in told.items() if name in expected or value))

    def test_should_bind_qb(self):
        end, output = self.ended('import os\nassert __name__ == "__main__"\nprint("%s %s %s %s %s" % (qb.jobid(), qb.workname(), qb.subid(), qb.event(), '
                                 'os.environ["QB_SUPERVISOR"]))')
        self.assertEqual('completed', end['exit'])
        self.assertEqual(u'=== header ===\n12 5 -1 complete-work-A-5 127.0.0.1:1\n', output)

    def test_should_keep_every_letter(self):
        self.assertEqual(u'=== header ===\ngr\xfc\xdfe\n', self.ended(u'print("gr\xfc\xdfe")')[1])

    def test_should_take_tabs_and_blanks_in_one_block_as_python_2_does(self):
        end, output = self.ended('if True:\r\n        x = 1\r\n\tprint(x)\r\n')
        self.assertEqual(('completed', u'=== header ===\n1\n'), (end['exit'], output))

    def test_should_kill_at_the_limit(self):
        self.assertEqual('timedout', self.ended('while True: pass', limit=1)[0]['exit'])

    def test_should_kill_when_cancelled(self):
        pid = self.run_script('import time; time.sleep(1000)')
        self.send({'cancel': 1})
        self.assertEqual(('crashed', 9), (lambda end: (end['exit'], end['signal']))(self.answer()))
        self.assertFalse(alive(pid))

    def test_should_kill_everything_when_its_input_ends(self):
        pids = os.path.join(self.folder, 'pids')
        self.ended('import subprocess\nf = open(%r, "a"); f.write("%%d\\n" %% subprocess.Popen(["sleep", "1000"]).pid); f.close()' % pids)
        self.run_script('import subprocess, time\nf = open(%r, "a"); f.write("%%d\\n" %% subprocess.Popen(["sleep", "1000"]).pid); f.close()\n'
                        'time.sleep(1000)' % pids)

        def noted():
            if not os.path.exists(pids):
                return []
            with open(pids) as lines:
                found = [int(line) for line in lines]
            return found if len(found) == 2 else []
        left = until('two processes', noted)
        self.assertEqual([True, True], [alive(pid) for pid in left])
        self.process.stdin.close()
        self.process.wait()
        until('neither process', lambda: not any(alive(pid) for pid in left))


if __name__ == '__main__':
    unittest.main()
