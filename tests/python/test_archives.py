# -*- coding: utf-8 -*-
import io
import os
import shutil
import sys
import tempfile
import unittest

import qb
import qb.configuration
import qb.objects
import qb.overlap
import qb.ranges
import random

from server import Server


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.path = os.path.join(self.folder, 'file')

    def tearDown(self):
        shutil.rmtree(self.folder)


class Archives(Files):
    def again(self, job):
        written = qb.archivejob(self.path, job)
        self.assertEqual(os.path.getsize(self.path), written)
        return qb.recoverjob(self.path)

    def test_should_give_back_what_was_archived(self):
        job = qb.Job({
            'name': u'sh\u00f6t <&> "\'', 'prototype': 'cmdrange', 'cpus': 3, 'priority': '7', 'retrysubjob': -1, 'env': {'A B': '1', 'x': ''}, 'notes': ' \n\t',
            'package': {'none': None, 'yes': True, 'no': False, 'f': 2.5, 'big': 2 ** 60, 'text int': '5', 'list': [1, '1', None, [], {}, [{'a': []}]],
                        'crlf': 'a\r\nb\r', 'nul': u'\x00\x1f\ufffe', u'\u00fc': u'\u4e2d\U0001f600', '-cam': 'x', 'item': 1, 'object': {'entry': 2}, 'xmlish': 3, '': 'e',
                        'key\n': 'v', 'work_list': 'mine', 'retry_subjob': 'mine too', 'spaces': '   ', 'deep': {'a': {'b': {'c': ['d']}}}},
            'agenda': [qb.Work({'name': '1', 'package': {'x': [None]}, 'status': 'blocked'}), qb.Work({'name': 'a b'})],
            'callbacks': [{'triggers': 'done-job-self', 'language': 'python', 'code': 'if 1 < 2:\n\tprint("]]>")\n'}], 'subjobs': [],
            'cpustally': {'running': 1, 'pending': 0}})
        found = self.again(job)
        self.assertEqual(job, found)
        self.assertEqual((qb.Job, qb.Work, qb.Callback), (type(found), type(found['agenda'][0]), type(found['callbacks'][0])))
        self.assertIs(True, found['package']['yes'])
        self.assertIsInstance(found['priority'], str)
        if sys.version_info[0] == 2:
            self.assertIs(str, type(found['prototype']))

    def test_should_write_out_a_range(self):
        self.assertEqual(['1', '3', '5'], [work['name'] for work in self.again({'prototype': 'x', 'agenda': qb.genframes('1-5x2')})['agenda']])
        self.assertEqual(2000, len(self.again({'prototype': 'x', 'agenda': qb.genframes('1-2000')})['agenda']))

    def test_should_read_archives_that_do_not_say_types(self):
        with io.open(self.path, 'w') as archive:
            archive.write(u"<version>1</version><object type='job'><id>5</id><name>n</name><retry_subjob>-1</retry_subjob><prototype>maya</prototype>"
                          u"<time_submit>796345834</time_submit><work_list><object type='work'><name>12</name><retry_delay>3</retry_delay></object></work_list>"
                          u"<env type='env'><PATH>/x</PATH></env></object>")
        job = qb.recoverjob(self.path)
        self.assertEqual((5, 'n', -1, 'maya', 796345834, {'PATH': '/x'}), tuple(job[key] for key in ('id', 'name', 'retrysubjob', 'prototype', 'timesubmit', 'env')))
        self.assertEqual([{'name': '12', 'retrydelay': 3}], job['agenda'])

    def test_should_have_no_job_when_a_file_is_no_archive(self):
        self.assertIsNone(qb.recoverjob(os.path.join(self.folder, 'none')))
        for text in (u'', u'<a/>', u'not xml', u"<object type='host'/>"):
            with io.open(self.path, 'w') as archive:
                archive.write(text)
            self.assertIsNone(qb.recoverjob(self.path))
        self.assertRaises(qb.QBError, qb.archivejob, self.path, {}, qb.QB_API_BINARY)


class Recorder(Files):
    def setUp(self):
        Files.setUp(self)
        os.environ['QB_RECORD'] = self.path

    def tearDown(self):
        os.environ.pop('QB_RECORD', None)
        os.environ.pop('QB_RECORD_ONLY', None)
        Files.tearDown(self)

    def lines(self):
        with io.open(self.path) as record:
            return record.read().splitlines()

    def test_should_write_one_canonical_line_and_send_when_recording(self):
        job = {'prototype': 'cmdline', 'b': {'z': None, 'a': u'\u00e9'}, 'agenda': qb.genframes('1-3'), 't': (1, 2)}
        with Server({'jobs': [{'id': 7, 'pgrp': 7, 'label': 'qube0'}]}) as server:
            self.assertEqual(7, qb.submit(job)[0]['id'])
            qb.submit(job, check=True)
        self.assertEqual(2, len(server.requests))
        self.assertEqual([u'{"call":"submit","jobs":[{"agenda":{"binarySort":false,"range":"1-3","removeDuplicates":true,"type":"frames"},'
                          u'"b":{"a":"\\u00e9","z":null},"prototype":"cmdline","t":[1,2]}]}'], self.lines())

    def test_should_send_nothing_when_only_recording(self):
        os.environ['QB_RECORD_ONLY'] = '1'
        with Server({}) as server:
            first, second = qb.submit({'prototype': 'cmdline', 'label': 'a'}, {'prototype': 'cmdline', 'status': 'blocked', 'agenda': qb.genframes('1-3')})
            callbacks = qb.submitcallback({'triggers': 'x-global', 'language': 'python', 'code': '1'})
        self.assertEqual([], server.requests)
        self.assertEqual((first['id'], first['id'] + 1, first['id']), (second['pgrp'], second['id'], first['pgrp']))
        self.assertEqual(('a', 'qube1', 'pending', 'blocked', 3), (first['label'], second['label'], first['status'], second['status'], len(second['agenda'])))
        self.assertEqual((1, 'x-global'), (len(callbacks), callbacks[0]['triggers']))
        self.assertEqual([u'{"call":"submit"', u'{"call":"submitcallback"'], [line.split(',')[0] for line in self.lines()])


class Configuration(Files):
    def test_should_read_keys_comments_quotes_and_maps(self):
        with io.open(self.path, 'w') as conf:
            conf.write(u'# a = b\nqb_supervisor = farm:5 # here\nclient_account = "show # 1"\nempty =\nworker_path_map = {\n "/a" = "/b"\n}\nlast=1\n')
        os.environ['QB_CONF'] = self.path
        try:
            self.assertEqual({'qb_supervisor': 'farm:5', 'client_account': 'show # 1', 'empty': '', 'worker_path_map': '"/a" = "/b"', 'last': '1'}, qb.localconfig())
            self.assertEqual({'/a': '/b'}, qb.workerpathmap())
        finally:
            del os.environ['QB_CONF']

    def test_should_read_a_job_types_configuration(self):
        os.mkdir(os.path.join(self.folder, 'mine'))
        with io.open(os.path.join(self.folder, 'mine', 'job.conf'), 'w') as conf:
            conf.write(u'[description]\ndetail = "does"\n[execute module]\nexecute_binding = Python\n')
        with io.open(self.path, 'w') as conf:
            conf.write(u'worker_template_path = /nonexistent:%s\n' % self.folder)
        os.environ['QB_CONF'] = self.path
        try:
            self.assertEqual(('Python', 'does', ''), (qb.jobconfig('mine', 'execute_binding'), qb.jobconfig('mine', 'detail'), qb.jobconfig('mine', 'none')))
            self.assertTrue(qb.jobtypeavailable('mine') and qb.jobtypeavailable(os.path.join(self.folder, 'mine')))
            self.assertFalse(qb.jobtypeavailable('other'))
            self.assertRaises(qb.QBError, qb.jobconfig, 'other', 'x')
        finally:
            del os.environ['QB_CONF']


class Packed(unittest.TestCase):
    def test_should_pack_as_older_scripts_read(self):
        self.assertEqual('(=(cmdline=sleep "10"))', qb.objects.packed({'cmdline': 'sleep "10"'}))
        self.assertEqual(r'(=(a=f\(x\)))', qb.objects.packed({'a': 'f(x)'}))
        self.assertEqual(r'(=(a=\\server\x\\))', qb.objects.packed({'a': '\\\\server\\x\\'}).replace(r'\\\\server', r'\\server'))
        self.assertEqual('(=(n=)(t=1))', qb.objects.packed(dict([('n', None)])).replace('))', ')(t=1))'))


class Overlaps(unittest.TestCase):
    def test_should_find_what_is_new_like_one_who_looks_frame_by_frame(self):
        dice = random.Random(20261125)
        for _ in range(1000):
            seen, known = qb.overlap.Seen(), set()
            for _ in range(dice.randrange(1, 6)):
                first, length, step = dice.randrange(-30, 30), dice.randrange(1, 30), dice.choice([1, 1, 2, 3, 4, 6, -1, -2, -3, -5])
                part = qb.overlap.piece((first, first, step), 0, length) if length == 1 else (first, first + (length - 1) * step, step)
                frames = [part[0] + at * part[2] for at in range(length)]
                found = [run[0] + at * run[2] for run in seen.new_in(part) for at in range(qb.overlap.count(run))]
                self.assertEqual([frame for frame in frames if frame not in known], found)
                known.update(frames)


class Workers(unittest.TestCase):
    def test_should_order_hosts_by_what_a_job_prefers(self):
        from qb.workers import _ordered
        hosts = [{'name': name, 'resources': 'host.processors=%s' % slots, 'properties': 'host.speed=%s' % speed} for name, slots, speed in (
            ('a', '0/4', 1), ('b', '3/8', 3), ('c', '1/8', 2))]
        for order, expected in (('', 'abc'), ('+host.processors.avail', 'cba'), ('-host.processors.avail', 'abc'), ('host.processors.total', 'bca'),
                                ('+host.processors.total,-host.speed', 'cba'), ('host.speed', 'bca'), ('-host.processors.used', 'acb')):
            self.assertEqual(expected, ''.join(host['name'] for host in _ordered(hosts, order)), order)


if __name__ == '__main__':
    unittest.main()
