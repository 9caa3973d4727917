import copy
import json
import pickle
import unittest

import qb
from qb.agenda import EAGER_ITEMS, LazyAgenda
from qb.encoding import to_json


def sent(agenda):
    return json.loads(to_json({'agenda': agenda}).decode('ascii'))['agenda']


class Agendas(unittest.TestCase):
    def test_should_submit_a_range_when_nothing_was_changed(self):
        self.assertEqual({'range': '1-100x2', 'type': 'frames', 'binarySort': False, 'removeDuplicates': True}, sent(qb.genframes('1-100x2')))
        self.assertEqual({'range': '1-100', 'type': 'chunks', 'n': 10, 'binarySort': True, 'removeDuplicates': True},
                         sent(qb.genchunks(10, '1-100', binarySort=True)))
        self.assertEqual({'range': '1-9', 'type': 'partitions', 'n': 4, 'binarySort': False, 'removeDuplicates': True},
                         sent(qb.genpartitions('4', '1-9')))

    def test_should_stay_one_line_when_it_has_a_million_items(self):
        agenda = qb.genframes('1-1000000')
        self.assertIsInstance(agenda, LazyAgenda)
        self.assertEqual(1000000, len(agenda))
        self.assertEqual('500000', agenda[499999]['name'])
        self.assertEqual('1000000', agenda[-1]['name'])
        self.assertTrue(len(to_json(agenda)) < 200)
        self.assertRaises(IndexError, lambda: agenda[1000000])
        self.assertEqual(['1', '2', '3'], [work['name'] for work in agenda[:3]])

    def test_should_submit_overrides_when_all_items_were_changed_alike(self):
        for count in (10, EAGER_ITEMS + 10):
            agenda = qb.genframes('1-%d' % count)
            for work in agenda:
                work['status'] = 'blocked'
            found = sent(agenda)
            self.assertEqual({'status': 'blocked'}, found.pop('overrides'))
            self.assertEqual('1-%d' % count, found['range'])

    def test_should_submit_items_when_one_was_changed(self):
        for count in (10, EAGER_ITEMS + 10):
            agenda = qb.genframes('1-%d' % count)
            agenda[3]['package'] = {'x': 1}
            found = sent(agenda)
            self.assertEqual(count, len(found))
            self.assertEqual({'name': '4', 'package': {'x': 1}}, found[3])
            self.assertEqual({'name': '5'}, found[4])

    def test_should_see_every_kind_of_change(self):
        changes = [
            lambda work: work.update(status='blocked'), lambda work: work.setdefault('status', 'blocked'),
            lambda work: setattr(work, 'status', 'blocked'), lambda work: work.__setitem__('status', 'blocked'),
            lambda work: work.pop('name'), lambda work: work.clear(), lambda work: work.__delitem__('name'), lambda work: work.popitem(),
        ]
        for at, change in enumerate(changes):
            agenda = qb.genframes('1-%d' % (EAGER_ITEMS + 1))
            change(agenda[7])
            self.assertIsInstance(sent(agenda), list, at)
            self.assertEqual(dict(agenda[7]), sent(agenda)[7], at)

    def test_should_keep_ranges_when_agendas_are_added(self):
        agenda = qb.genframes('1-2000') + qb.genchunks(10, '5001-26000') + [qb.Work({'name': 'wrap up'})]
        self.assertEqual(2000 + 2100 + 1, len(agenda))
        self.assertEqual(['1-2000', '5001-26000'], [one['range'] for one in sent(agenda)[:2]])
        self.assertEqual({'name': 'wrap up'}, sent(agenda)[2])
        agenda.append(qb.Work({'name': 'more'}))
        self.assertEqual(4, len(sent(agenda)))
        del agenda[0]
        self.assertEqual(2000 + 2100 + 1, len(sent(agenda)))

    def test_should_be_a_list_like_any_other(self):
        agenda = qb.genframes('1-5')
        self.assertIsInstance(agenda, list)
        agenda.append(qb.Work({'name': '9'}))
        self.assertEqual([{'name': name} for name in '123459'], sent(agenda))
        lazy = qb.genframes('1-1500')
        lazy.insert(0, qb.Work({'name': 'first'}))
        self.assertEqual('first', lazy[0]['name'])
        self.assertEqual(1501, len(list(lazy)))
        lazy.sort(key=lambda work: work['name'], reverse=True)
        self.assertEqual('first', lazy[0]['name'])

    def test_should_survive_copy_and_pickle(self):
        for count in (5, EAGER_ITEMS + 5):
            agenda = qb.genframes('1-%d' % count)
            for other in (copy.copy(agenda), copy.deepcopy(agenda), pickle.loads(pickle.dumps(agenda))):
                self.assertEqual([work['name'] for work in agenda], [work['name'] for work in other])
            deep = copy.deepcopy(agenda)
            deep[0]['status'] = 'blocked'
            self.assertNotIn('status', agenda[0])

    def test_should_be_equal_when_items_are(self):
        self.assertEqual(qb.genframes('1-1500'), qb.genframes('1-1500'))
        self.assertNotEqual(qb.genframes('1-1500'), qb.genframes('2-1501'))
        self.assertEqual(qb.genframes('1-3'), [{'name': '1'}, {'name': '2'}, {'name': '3'}])

    def test_should_send_a_range_when_its_runs_overlap(self):
        # Both sides take duplicates out by the same rule (qb.overlap), so that they cut what is left alike.
        self.assertEqual('1-3,2-5', sent(qb.genchunks(3, '1-3,2-5'))['range'])
        self.assertEqual(['102,104-103,101-100', '99-95'], [work['name'] for work in qb.genchunks(5, '102,104-95')])


class Encoding(unittest.TestCase):
    def plain(self, value):
        return json.loads(to_json(value).decode('ascii'))

    def test_should_turn_python_values_into_json(self):
        import datetime
        self.assertEqual({'a': [1, 2], 'b': ['x'], 'c': None, 'd': True, '5': 1.5}, self.plain({'a': (1, 2), 'b': set(['x']), 'c': None, 'd': True, 5: 1.5}))
        self.assertEqual(u'gr\xfc\xdfe \U0001f3ac', self.plain(u'gr\xfc\xdfe \U0001f3ac'))
        self.assertEqual(u'gr\xfc\xdfe', self.plain(u'gr\xfc\xdfe'.encode('utf-8')))
        self.assertEqual(u'gr\xfc\xdfe', self.plain(u'gr\xfc\xdfe'.encode('latin-1')))
        self.assertIsInstance(self.plain(datetime.datetime(2026, 1, 1)), int)

    def test_should_turn_fields_back_into_values(self):
        job = qb.Job({'id': 12, 'name': 'x', 'package': {'y': 1.5}})
        self.assertEqual({'id': 12, 'name': 'x', 'z': 1.5, 'agenda': []},
                         self.plain({'id': job.id(), 'name': job.name, 'z': job.package['y'], 'agenda': []}))

    def test_should_say_where_when_something_cannot_be_sent(self):
        try:
            to_json({'jobs': [{'package': {'scene': object()}}]})
        except qb.QBError as failure:
            self.assertIn('jobs[0].package.scene: a object cannot be sent', str(failure))
        else:
            self.fail('an object was sent')


class Objects(unittest.TestCase):
    def test_should_answer_in_three_ways(self):
        job = qb.Job({'id': 12, 'name': u'n', 'load': 0.5})
        for value in (job['id'], job.id, job.id()):
            self.assertEqual(12, value)
        self.assertEqual('%d %05d' % (12, 12), '%d %05d' % (job.id(), job.id))
        self.assertEqual('n', job.name())
        self.assertEqual(0.5, job.load())
        self.assertEqual({12: 1}[job.id], 1)
        self.assertEqual('12', str(job.id))
        self.assertIs(type(job['id']), int)

    def test_should_write_through_attributes(self):
        job = qb.Job(name='a', prototype='cmdline', package={'cmdline': 'ls'})
        job.priority = 5
        self.assertEqual({'name': 'a', 'prototype': 'cmdline', 'package': {'cmdline': 'ls'}, 'priority': 5}, job)
        del job.priority
        self.assertRaises(AttributeError, lambda: job.priority)
        self.assertFalse(hasattr(job, 'priority'))

    def test_should_survive_copy_and_pickle(self):
        work = qb.Work({'name': '1', 'package': {'x': [1]}})
        for other in (copy.copy(work), copy.deepcopy(work), pickle.loads(pickle.dumps(work)), work.copy()):
            self.assertEqual(work, other)
            self.assertIs(qb.Work, type(other))
        self.assertIsNot(copy.deepcopy(work)['package'], work['package'])
        self.assertEqual(12, copy.deepcopy(qb.Job({'id': 12}).id))

    def test_should_have_no_shared_defaults(self):
        one, other = qb.Job(), qb.Job()
        one['x'] = 1
        self.assertEqual({}, other)

    def test_should_validate(self):
        validator = qb.JobValidator()
        self.assertTrue(validator.validate(qb.Job(prototype='cmdline', name='x')))
        self.assertFalse(validator.validate(qb.Job(name='x')))
        self.assertFalse(validator.validate({'prototype': 'cmdline', 'package': 'x'}))
        self.assertTrue(qb.JobTallyValidator().validate({'running': 0, 'complete': 5}))
        self.assertFalse(qb.JobTallyValidator().validate({'running': -1}))

    def test_should_know_the_constants(self):
        self.assertEqual(946702800, qb.CONST('QB_TIME_EPOCH_OFFSET'))
        self.assertEqual((1, 2), (qb.QB_API_BINARY, qb.QB_API_XML))
        self.assertEqual('/etc/qb.conf', qb.QB_CLIENT_DEFAULT_CONF)
        self.assertRaises(KeyError, qb.CONST, 'QB_NOTHING')


if __name__ == '__main__':
    unittest.main()
