"""Makes the module's wheel with the standard library alone (PEP 517), so that ``pip install src/python`` needs no index and no network.

A pip older than 20 does not look for it here: ``python wheel_backend.py FOLDER`` writes the wheel, and that it installs."""

import base64
import hashlib
import io
import os
import re
import sys
import tarfile
import zipfile

_HERE = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = 'qb'
# A wheel is the same bytes whenever it is made.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Writes the wheel and returns its name."""
    project = _project()
    name = '%s-%s-py2.py3-none-any.whl' % (project['name'], project['version'])
    info = '%s-%s.dist-info/' % (project['name'], project['version'])
    files = [(path, _bytes(path)) for path in _sources()]
    files.append((info + 'METADATA', (
        'Metadata-Version: 2.1\nName: %(name)s\nVersion: %(version)s\nSummary: %(description)s\nLicense: Apache-2.0\nRequires-Python: %(requires-python)s\n' % project).encode('utf-8')))
    files.append((info + 'WHEEL', b'Wheel-Version: 1.0\nGenerator: wheel_backend\nRoot-Is-Purelib: true\nTag: py2-none-any\nTag: py3-none-any\n'))
    record = ''.join('%s,sha256=%s,%d\n' % (path, base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode('ascii'), len(data)) for path, data in files)
    files.append((info + 'RECORD', (record + info + 'RECORD,,\n').encode('utf-8')))
    with zipfile.ZipFile(os.path.join(wheel_directory, name), 'w', zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files:
            entry = zipfile.ZipInfo(path, _MOMENT)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
    return name


def build_sdist(sdist_directory, config_settings=None):
    """Writes the source archive and returns its name."""
    project = _project()
    base = '%s-%s' % (project['name'], project['version'])
    with tarfile.open(os.path.join(sdist_directory, base + '.tar.gz'), 'w:gz') as archive:
        for path in ['pyproject.toml', os.path.basename(__file__).replace('.pyc', '.py')] + _sources():
            archive.add(os.path.join(_HERE, path), '%s/%s' % (base, path))
    return base + '.tar.gz'


def _project():
    """What pyproject.toml says of the project, as far as it is texts: there is no reader of TOML in older pythons."""
    return dict(re.findall(r'(?m)^([a-z-]+) = "(.*)"$', _bytes('pyproject.toml').decode('utf-8').partition('[project]')[2]))


def _sources():
    return ['%s/%s' % (_PACKAGE, name) for name in sorted(os.listdir(os.path.join(_HERE, _PACKAGE))) if name.endswith('.py')]


def _bytes(path):
    with io.open(os.path.join(_HERE, path), 'rb') as source:
        return source.read()


if __name__ == '__main__':
    print(os.path.join(sys.argv[1], build_wheel(sys.argv[1])))
