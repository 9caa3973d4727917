# -*- coding: utf-8 -*-
"""A submitter as studios write them: each field of a job, in each spelling seen in the wild, comes back as it was given."""

import base64
import datetime
import sys

import qb
from farm import mark

m = mark()


def accepted(**keys):
    """Submits a held job and returns what a query then tells of it."""
    job = {'prototype': 'cmdrange', 'name': m, 'status': 'blocked', 'package': {'cmdline': '/bin/true'}, 'agenda': qb.genframes('1-3')}
    job.update(keys)
    job = dict((key, value) for key, value in job.items() if value is not Ellipsis)
    answer = qb.submit(job)
    assert isinstance(answer, list) and len(answer) == 1 and isinstance(answer[0], qb.Job), answer
    assert answer[0]['id'] == answer[0].id == answer[0].id() > 0, answer
    # An acknowledged job answers, and is in the list, at once.
    found = qb.jobinfo(id=answer[0]['id'], agenda=True, subjobs=True, callbacks=True)
    assert [one['id'] for one in qb.jobinfo(minid=answer[0]['id'], maxid=answer[0]['id'])] == [answer[0]['id']]
    assert len(found) == 1, found
    return found[0]


def same(key, given, expected=Ellipsis):
    seen = accepted(**{key: given})[key]
    wanted = given if expected is Ellipsis else expected
    assert seen == wanted and isinstance(seen, type(wanted)), 'expected %s = %r (%s), found %r (%s)' % (key, wanted, type(wanted), seen, type(seen))


# A submitter object of the usual kind: attributes, a template, one job per task.
class Submitter(object):
    defaults = {'cluster': '/show/shot', 'priority': 500, 'cpus': 2, 'flags': 8, 'reservations': 'host.processors=1+,host.memory=100'}

    def __init__(self, show, scene):
        self.show, self.scene = show, scene

    def job(self, task, **more):
        job = qb.Job()
        for key in self.defaults:
            job[key] = self.defaults[key]
        job['prototype'] = 'cmdrange'
        job.name = '%s %s %s' % (m, self.show, task)
        job['package'] = {}
        job['package']['cmdline'] = 'render -s QB_FRAME_START -e QB_FRAME_END %s' % self.scene
        job['package']['padding'] = '4'
        job['prod_show'] = self.show
        job['status'] = 'blocked'
        job.update(more)
        return job


farm = Submitter('bigshow', '/mnt/proj/scene.ma')
layers = [farm.job('layer%d' % i, agenda=qb.genchunks(10, '1-100'), label='layer%d' % i) for i in range(3)]
layers.append(farm.job('comp', agenda=qb.genframes('1-100'), dependency='link-complete-job-layer0,link-complete-job-layer1'))
batch = qb.submit(layers)
assert [one['label'] for one in batch[:3]] == ['layer0', 'layer1', 'layer2'], batch
assert len(set(one['pgrp'] for one in batch)) == 1 and batch[0]['pgrp'] == batch[0]['id'], batch
for given, one in zip(layers, batch):
    assert one['name'] == given['name'] and one['package']['cmdline'] == given['package']['cmdline'], one
seen = qb.jobinfo(id=batch[1]['id'], agenda=True)[0]
assert [work['name'] for work in seen['agenda']][:2] == ['1-10', '11-20'] and seen['todo'] == 10, seen
assert (seen['reservations'], seen['cluster'], seen['priority'], seen['cpus']) == ('host.processors=1+,host.memory=100', '/show/shot', 500, 2), seen
assert qb.jobtagvalues('show').count('bigshow') == 1 and 'bigshow' in qb.jobtagvalues('prod_show')
assert [work['name'] for work in batch[0]['agenda']] == qb.rangechunk(10, '1-100')
# As varargs, and the constructor's forms.
assert len(qb.submit(farm.job('a'), farm.job('b'))) == 2
assert qb.submit(qb.Job({'status': 'blocked'}, name=m + 'c', prototype='cmdline', package={'cmdline': 'ls'}))[0]['name'] == m + 'c'
assert qb.submit(qb.Job(name=m, prototype='cmdline', status='blocked', package={'cmdline': 'ls'}), deferTableCreation=False)[0].prototype() == 'cmdline'

# Each field of a job, as it is meant to be given.
for key, value in {
        'name': u'sh\u00f6t \u2603 %s' % m, 'cpus': 3, 'max_cpus': 5, 'priority': 12, 'cluster': '/a/b', 'restrictions': '/a or /b', 'requirements': 'host.os == "none"',
        'reservations': 'host.processors=2', 'hosts': 'a,b', 'omithosts': 'c', 'groups': 'g', 'omitgroups': 'h', 'hostorder': '+host.processors.avail',
        'label': 'mine', 'user': 'anna', 'domain': 'STUDIO', 'account': 'show-1', 'kind': 'lights', 'notes': 'line 1\nline 2\t"q" \\ \'', 'flags': 8 + 1024,
        'mailaddress': 'anna@example.com', 'retrysubjob': 2, 'retrywork': 3, 'retrywork_delay': 7, 'timeout': 60, 'agenda_timeout': 61, 'timelimit': 62,
        'agenda_timelimit': 63, 'preflights': '/x/a,/x/b', 'postflights': '/x/c', 'agenda_preflights': '/x/d', 'agenda_postflights': '/x/e',
        'prod_show': 'S', 'prod_shot': 'sh010', 'prod_seq': 'sq', 'prod_client': 'C', 'prod_dept': 'D', 'prod_custom1': '1', 'prod_custom5': '5',
        'env': {'A': '1', 'PATH': '/x:$PATH'}, 'cwd': '/mnt/proj', 'umask': 2, 'drivemap': {'Z:': '//server/x'}, 'p_agenda_cpus': 2,
        'p_agenda_priority': 3}.items():
    same(key, value)

# Package and unknown keys byte for byte.
blob = base64.b64encode(bytes(bytearray(range(256))) * 3).decode('ascii')
lines = '\n'.join(blob[at:at + 76] for at in range(0, len(blob), 76)) + '\n'
for key in ('package', 'studio_data', 'weird key: \\"\'=()'):
    same(key, {
        'cmdline': 'echo "a b" \\ \'c\' ; exit 3', 'none': None, 'yes': True, 'no': False, 'int': 5, 'text int': '5', 'float': 2.5, 'big': 2 ** 60, 'neg': -1,
        'empty': '', 'list': [1, '2', None, [3, []], {}], 'nested': {'a': {'b': {'c': [{'d': u'\u00e9\U0001f600'}]}}}, u'\u00fc': u'\u4e2d\u6587 \u0000 \u001f',
        'base64': lines, 'crlf': 'a\r\nb\r', 'tab': '\t', 'html': '<a href="x">&amp;</a>', '-cam': '|persp', '(=)': '(=(a=b))', 'deep': {'x': [[[[[[['end']]]]]]]}})
same('studio_list', [{'file': '/a'}, None, 1.0])
tuples = accepted(package={'cmdline': 'x', 'appVersion': (2024, 1), 'when': datetime.date(2026, 1, 2), 'set': set(['x'])})['package']
assert tuples['appVersion'] == [2024, 1] and tuples['set'] == ['x'] and isinstance(tuples['when'], int), tuples
assert accepted(package={1: 'one', 'cmdline': 'x'})['package']['1'] == 'one'
if sys.version_info[0] == 2:
    assert accepted(notes='caf\xc3\xa9')['notes'] == u'caf\u00e9'
    assert type(accepted(notes='plain')['notes']) is str
    assert type(accepted(notes=u'plain')['notes']) is str

# Misuse seen in the wild.
for key, given, expected in (
        ('cpus', '3', 3), ('cpus', 2.0, 2), ('priority', '77', 77), ('retrywork', '3', 3), ('timeout', '60', 60), ('cpus', ' 3 ', 3), ('pid', '1', 1),
        ('priority', '', 9999), ('flags', '1032', 1032), ('flags', 'auto_mount,mail', 1032), ('flags', ['mail', 'auto_mount'], 1032),
        ('flags', 'mail | auto_mount', 1032), ('flagsstring', 'auto_mount,mail', 'auto_mount,mail'), ('hosts', '', ''), ('hosts', None, ''), ('hosts', [], ''),
        ('hosts', ['a', 'b'], 'a,b'), ('groups', '', ''), ('requirements', '', ''), ('reservations', '', 'host.processors=1'), ('cluster', '', '/'),
        ('restrictions', '', ''), ('hostorder', '', ''), ('callbacks', [], []), ('callbacks', None, []), ('mailaddress', '', ''), ('dependency', '', ''),
        ('env', {}, {}), ('agenda_timeout', -1, -1), ('retrysubjob', -1, -1)):
    same(key, given, expected)
assert accepted(flags='mail,auto_mount')['flagsstring'] == 'auto_mount,mail'
assert accepted(flagsstring='mail')['flags'] == 1032 and accepted(flagsstring='mail')['flagsstring'] == 'auto_mount,mail'
assert accepted(type='cmdrange', prototype=Ellipsis)['prototype'] == 'cmdrange'
assert accepted(dependancy='x', prioroty=3)['prioroty'] == 3
for agenda, names in ((['1', '2'], ['1', '2']), ([1, 2, 30], ['1', '2', '30']), ('1-3', ['1', '2', '3']), ([{'name': 5}], ['5']), ((qb.Work({'name': 'a b:c-d'}),), ['a b:c-d']),
                      ([], []), (None, []), (qb.genframes('1,2') + qb.genframes('10'), ['1', '2', '10']), (qb.genframes('ls,set'), ['ls', 'set']),
                      (qb.genpartitions(2, '1-10'), ['1-5', '6-10']), (qb.genframes('1-4', binarySort=True), ['1', '4', '2', '3'])):
    seen = accepted(agenda=agenda)
    assert [work['name'] for work in seen['agenda']] == names and seen['todo'] == len(names), (agenda, seen['agenda'])
assert [work['name'] for work in accepted(agenda=Ellipsis, work=[{'name': '7'}])['agenda']] == ['7']
items = accepted(agenda=[{'name': 1, 'status': 'blocked', 'package': {'x': [1, None]}, 'mine': 'k'}, qb.Work({'name': 2, 'package': {'f': u'\u00e9'}})])['agenda']
assert (items[0]['status'], items[0]['package'], items[0]['mine'], items[1]['package']) == ('blocked', {'x': [1, None]}, 'k', {'f': u'\u00e9'}), items
for work in items:
    assert (work.pid(), work['count'], work['subid'], work['retry'], work['resultpackage']) == (work['pid'], 0, -1, -1, {}), work
lazy = qb.genframes('1-5000')
lazy[7]['package'] = {'special': True}
seen = accepted(agenda=lazy)
assert len(seen['agenda']) == 5000 and seen['agenda'][7]['package'] == {'special': True} and seen['agenda'][8]['package'] == {}, seen['agenda'][7]
assert accepted(data='(=(cmdline=sleep "10")(padding=3))', package=Ellipsis)['package'] == {'cmdline': 'sleep "10"', 'padding': '3'}
assert accepted(package={'cmdline': 'sleep "10"'})['data'] == '(=(cmdline=sleep "10"))'
callback = {'triggers': 'complete-job-self', 'language': 'python', 'code': 'import qb\nprint("done")\n'}
assert [one['code'] for one in accepted(callbacks=[callback])['callbacks']] == [callback['code']]

# A job read back and submitted again, as resubmit tools do.
first = accepted(studio={'x': 1}, agenda=[{'name': 'a', 'package': {'p': 1}}], priority=5)
for key in ('id', 'pgrp', 'label'):
    del first[key]
again = qb.submit(first)[0]
seen = qb.jobinfo(id=again['id'], agenda=True)[0]
assert (seen['studio'], seen['priority'], seen['agenda'][0]['package'], seen['status']) == ({'x': 1}, 5, {'p': 1}, 'blocked'), seen
assert seen['id'] != first.get('id') and seen['pgrp'] == seen['id'], seen

# What cannot be is refused whole, by the name of the field, and nothing of it is there.
before = len(qb.jobinfo(filters={'name': m + 'no'}))
for wrong, field in (({'prototype': Ellipsis}, 'prototype'), ({'cpus': 'many'}, 'cpus'), ({'priority': [1]}, 'priority'), ({'flags': 'auto_mout'}, 'flags'),
                     ({'package': 'ls'}, 'package'), ({'dependency': 'link-complete'}, 'dependency'),
                     ({'agenda': [{'name': ''}]}, 'agenda[0].name'), ({'agenda': '1-x'}, 'agenda'), ({'status': 'paused'}, 'status')):
    job = dict({'prototype': 'cmdrange', 'name': m + 'no', 'package': {'cmdline': 'x'}, 'agenda': [1]}, **wrong)
    job = dict((key, value) for key, value in job.items() if value is not Ellipsis)
    try:
        qb.submit([job])
    except qb.QBError as error:
        assert error.field == field and field in str(error) and qb.error() == str(error), (error.field, field, str(error))
    else:
        raise AssertionError('accepted: %r' % wrong)
assert len(qb.jobinfo(filters={'name': m + 'no'})) == before == 0

qb.kill([job['id'] for job in qb.jobinfo(filters={'name': m + '*'})])
qb.kill([job['id'] for job in qb.jobinfo(filters={'name': '*' + m + '*', 'status': 'blocked'})])
assert qb.remove([job['id'] for job in qb.jobinfo(filters={'name': '*%s*' % m})])
print('submitted by python %d.%d.%d' % sys.version_info[:3])
