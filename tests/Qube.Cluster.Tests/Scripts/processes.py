"""What a frame is given and what becomes of what it says: tokens, environment, logs, patterns."""

import os

import qb
from farm import eventually, info, mark, reach

m = mark()


def submit(cmdline, agenda='1-1', **keys):
    package = dict({'cmdline': cmdline}, **keys.pop('package', {}))
    job = dict({'prototype': 'cmdrange', 'name': m, 'package': package, 'agenda': qb.genframes(agenda) if agenda else []}, **keys)
    if not agenda:
        del job['agenda']
    return qb.submit(job)[0]


tokens = submit('echo "n=QB_FRAME_NUMBER s=QB_FRAME_START e=QB_FRAME_END st=QB_FRAME_STEP r=QB_FRAME_RANGE"', package={'padding': 3})
chunk = submit('echo "n=QB_FRAME_NUMBER s=QB_FRAME_START e=QB_FRAME_END st=QB_FRAME_STEP r=QB_FRAME_RANGE"', package={'padding': 3}, agenda='1-1')
chunk_job, = qb.submit({'prototype': 'cmdrange', 'name': m, 'agenda': qb.genchunks(25, '26-60'),
                        'package': {'cmdline': 'echo "n=QB_FRAME_NUMBER s=QB_FRAME_START e=QB_FRAME_END st=QB_FRAME_STEP r=QB_FRAME_RANGE"', 'padding': 3}})
environment = submit(
    'env; echo to-err >&2; pwd', package={'padding': 2}, agenda='7-7', env={'MINE': 'a b', 'QB_FRAME_NUMBER': 'lie'}, cwd='/tmp', reservations='host.processors=2')
command = submit('echo job=$QBJOBID sub=$QBSUBID', agenda=None, prototype='cmdline', cpus=2)
paths = submit('echo "wrote /out/a.QB_FRAME_NUMBER.exr"; echo "wrote /out/b.QB_FRAME_NUMBER.exr"; echo noise', agenda='1-2',
               package={'regex_outputPaths': r'wrote (\S+)'})
wrong = submit('echo "fine"; echo "Error: no licence" >&2', agenda='1-1', package={'regex_errors': '^Error:'})
quiet = submit('exit 3', agenda='1-1')
reach('complete', tokens, chunk, chunk_job, environment, command, paths)
reach('failed', wrong, quiet)


def text(job, stream=qb.stdout):
    return ''.join(log['data'] for log in sorted(stream(job), key=lambda log: log['subid']))


def has(text, *lines):
    for line in lines:
        assert line in text.splitlines(), 'expected the line %r in\n%s' % (line, text)


has(text(tokens), 'n=001 s=001 e=001 st=1 r=1')
has(text(chunk_job), 'n=026 s=026 e=050 st=1 r=26-50', 'n=051 s=051 e=060 st=1 r=51-60')
seen = text(environment)
has(seen, 'MINE=a b', 'QB_FRAME_NUMBER=7', 'QB_PADDED_FRAME_NUMBER=07', 'QB_FRAME_RANGE=7', 'QB_FRAME_PADDING=2', 'QB_ALLOCATIONS=host.processors=2', 'QB_JOBSLOTS=2',
    'QBJOBID=%d' % environment['id'], 'QB_JOBID=%d' % environment['id'], 'QBSUBID=0', 'QBPGRPID=%d' % environment['pgrp'],
    'QB_SUPERVISOR=' + os.environ['QB_SUPERVISOR'], '/tmp')
assert 'to-err' not in seen, seen
has(text(environment, qb.stderr), 'to-err')
assert info(environment, subjobs=True)['subjobs'][0]['allocations'] == 'host.processors=2', info(environment, subjobs=True)['subjobs']
has(text(command), 'job=%d sub=0' % command['id'], 'job=%d sub=1' % command['id'])
results = dict((work['name'], work['resultpackage']) for work in info(paths, agenda=True)['agenda'])
found = dict((name, result.get('outputPaths')) for name, result in results.items())
expected = dict((name, ['/out/a.%s.exr' % name, '/out/b.%s.exr' % name]) for name in ('1', '2'))
assert found == expected or found == dict((name, ','.join(paths)) for name, paths in expected.items()), found
item, = info(wrong, agenda=True)['agenda']
assert (item['status'], item['exitcode']) == ('failed', 0), item
item, = info(quiet, agenda=True)['agenda']
assert (item['status'], item['exitcode']) == ('failed', 3), item
history = [line['comment'] for line in qb.hist(quiet)]
assert len(history) > 2, history
