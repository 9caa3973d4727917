import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'src', 'python')


def run(*command):
    environment = dict(os.environ, PIP_NO_INDEX='1', PIP_DISABLE_PIP_VERSION_CHECK='1', PIP_CONFIG_FILE=os.devnull, PYTHONDONTWRITEBYTECODE='1')
    environment.pop('PYTHONPATH', None)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, cwd=tempfile.gettempdir())
    output = process.communicate()[0].decode('utf-8', 'replace')
    if process.returncode:
        raise AssertionError('%s ended with %d:\n%s' % (' '.join(command), process.returncode, output))
    return output


class Package(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_should_be_installed_without_an_index_and_be_imported_from_there(self):
        try:
            import pip
        except ImportError:
            self.skipTest('no pip here')
        source = SOURCE
        if int(pip.__version__.split('.')[0]) < 20:
            # Too old for a build described in the project's own folder: it gets the wheel.
            source = run(sys.executable, os.path.join(SOURCE, 'wheel_backend.py'), self.folder).strip()
        if sys.version_info[0] == 2:
            # There is no venv; what pip has put into a folder is imported from it.
            place = os.path.join(self.folder, 'site')
            run(sys.executable, '-m', 'pip', 'install', '--target', place, source)
            start = 'import sys; sys.path.insert(0, %r); ' % place
            python = sys.executable
        else:
            run(sys.executable, '-m', 'venv', self.folder)
            python = os.path.join(self.folder, 'bin', 'python')
            run(python, '-m', 'pip', 'install', source)
            start = ''
        printed = run(python, '-c', start + 'import qb; print(qb.__file__); print(qb.version()); print(len(qb.genframes("1-10")))').splitlines()
        self.assertTrue(os.path.realpath(printed[0]).startswith(os.path.realpath(self.folder)), printed)
        self.assertEqual(['0.1.0', '10'], printed[1:])


if __name__ == '__main__':
    unittest.main()
