"""On a farm where only the language qube is switched on."""

import qb
from farm import frames, mark, reach, refused

m = mark()
python = [{'language': 'python', 'triggers': 'complete-job-self', 'code': 'print(1)'}]
for language in ('python', 'perl', 'mail'):
    refused("job 2 (label B), callbacks[0].language: callbacks in language '%s' are switched off on this farm (supervisor_language_flags)" % language,
            frames('A', m), frames('B', m, callbacks=[dict(python[0], language=language)]), job='B', field='callbacks[0].language')
assert qb.jobinfo() == [], qb.jobinfo()

# Verbs and dependencies are not among what is switched off.
jobs = qb.submit([
    frames('A', m), frames('B', m, dependency='link-complete-job-A'),
    frames('C', m, status='blocked', callbacks=[{'language': 'qube', 'triggers': 'complete-job-B', 'code': 'unblock-self'}])])
reach('complete', *jobs)
