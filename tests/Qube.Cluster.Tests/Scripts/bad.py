"""Thirty scripts that misbehave, each the callback of a job of its own, all fired together. Prints what the ledger says of each, when all have
ended: {"jobs": first and last number, "ends": [[job, name, language, state, outcome]]}."""

import json
import sys

import qb
from farm import eventually, fired, frames, mark, reach

m = mark()
BAD = [
    ('exits', 'python', "import sys; sys.exit(3)"),
    ('exits', 'perl', "exit 3;"),
    ('exits at once', 'python', "import os; os._exit(4)"),
    ('exits at once', 'perl', "use POSIX (); POSIX::_exit(4);"),
    ('crashes', 'python', "import ctypes; ctypes.string_at(0)"),
    ('crashes', 'perl', "kill 'SEGV', $$; sleep 1000;"),
    ('loops', 'python', "while True: pass"),
    ('loops', 'perl', "1 while 1;"),
    ('forks', 'python', "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
    ('forks', 'perl', "fork while 1;"),
    ('floods', 'python', "import os\nblock = b'x' * 65536\nfor _ in range(16384): os.write(1, block)"),
    ('floods', 'perl', "my $block = 'x' x 65536;\nprint $block for 1 .. 16384;"),
    ('eats', 'python', "eaten = []\nwhile True: eaten.append(bytearray(1 << 24))"),
    ('eats', 'perl', "my @eaten;\npush @eaten, 'x' x (1 << 24) while 1;"),
]
bad = [BAD[number % len(BAD)] for number in range(30)]
gate, = qb.submit(frames('gate', m, status='blocked'))
jobs = qb.submit([
    frames('bad%d' % number, m, status='blocked', callbacks=[{'language': language, 'triggers': 'complete-job-%d' % gate['id'], 'code': code}])
    for number, (_, language, code) in enumerate(bad)])
qb.unblock(gate['id'])
reach('complete', gate)


def ended():
    ended.seen = [(job['id'], name, language, fired(job)[1]) for job, (name, language, _) in zip(jobs, bad)]
    ended.open = [one for one in ended.seen if not one[3] or not all(firing['done'] for firing in one[3])]
    return not ended.open


try:
    eventually('thirty firings done', ended)
except AssertionError:
    sys.exit('of thirty firings these are not done: %r' % ended.open)
print(json.dumps({
    'jobs': [job['id'] for job in jobs],
    'ends': [[job['id'], name, language, firing['state'], firing['outcome']] for job, (name, language, _) in zip(jobs, bad) for firing in fired(job)[1]]}))
qb.kill(*[job['id'] for job in jobs])
