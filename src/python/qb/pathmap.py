"""The ordered path replacements of a worker, ``worker_path_map`` (jobs.md 11)."""

import json
import os
import re

from . import configuration

_PAIR = re.compile(r'\s*"?([^"=]+?)"?\s*=\s*"?([^"]*?)"?\s*$')


def pairs():
    """A list of (from, to). In what runs on a worker those are the worker's own, the same that ``QB_CONVERT_PATH`` uses. Elsewhere they are what
    QB_WORKER_PATH_MAP or the local qb.conf says."""
    told = os.environ.get('QUBE_PATH_MAP')
    if told is not None:
        flat = json.loads(told)
        return [(flat[at], flat[at + 1]) for at in range(0, len(flat) - 1, 2)]
    text = os.environ.get('QB_WORKER_PATH_MAP') or configuration.value('worker_path_map') or ''
    matches = (_PAIR.match(part) for part in re.split('[,\n]', text))
    return [(match.group(1), match.group(2)) for match in matches if match]
