"""Client of a Qube!-compatible farm: submit jobs, ask about them, command them.

    import qb
    job = qb.submit({'prototype': 'cmdrange', 'package': {'cmdline': 'render QB_FRAME_NUMBER'}, 'agenda': qb.genframes('1-100')})[0]

The supervisor is found at the first call, from ``QB_SUPERVISOR`` (host, host:port or URL), else ``qb_supervisor`` of qb.conf, else this
machine. Importing the module needs none. The same module is bound as ``qb`` inside python callbacks, where ``jobid``, ``subid``,
``workname`` and ``event`` say what fired. Python 2.7 and 3.6 or later, standard library only.
"""

from .agenda import genchunks, genframes, genpartitions
from .archives import archivejob, recoverjob
from .backend import convertpath, jobid, jobobj, reportjob, reportwork, requestwork, subid
from .connection import getsupervisor, gettimeout, setsupervisor, settimeout
from .constants import (
    CONST, QB_API_BINARY, QB_API_XML, QB_CLIENT_DEFAULT_CONF, QB_SUPERVISOR_CONFIG_DEFAULT_LICENSE_FILE,
    QB_SUPERVISOR_CONFIG_DEFAULT_LOGFILE, QB_SUPERVISOR_CONFIG_DEFAULT_LOGPATH, QB_SUPERVISOR_CONFIG_DEFAULT_WORKER_CONFIGFILE,
    QB_TIME_EPOCH_OFFSET, QB_WORKER_CONFIG_DEFAULT_LOGFILE)
from .control import (
    block, blockwork, bottom, complete, completework, deleteworkerproperties, deleteworkerresources, fail, failwork, interrupt, kill, killwork,
    migrate, modify, preempt, remove, requeue, requeuework, resume, retire, retirework, retry, retrywork, shove, suspend, top, trigger, unblock,
    unblockwork, updateresource, updateresources, updateworkerproperties, updateworkerresources, workblock, workcomplete, workerlock, workfail,
    workkill, workrequeue, workretire, workretry, workunblock)
from .errors import QBError, QBRangeError, error
from .farm import (
    getresources, getusers, info, isadmin, jobtagvalues, localconfig, mktime, resource, setusers, supervisorconfig, version)
from .firing import event, workname
from .globalcallbacks import callbackinfo, removecallback, submitcallback
from .jobtypes import jobconfig, jobtypeavailable, workerpathmap
from .logs import getlogpath, log, setlogpath, stats, stderr, stdout
from .objects import Callback, Host, Job, QBObject, Subjob, Work
from .queries import currenttime, hist, hostinfo, jobinfo, ping
from .ranges import binarySort, rangechunk, rangejoin, rangeorder, rangepartition, rangesplit
from .submission import submit, warnings
from .unoffered import (
    QBNotOffered, admincommand, checkpassword, deletepreference, encryptpassword, getpreferences, qbadmin_reconfigureworkers, send_ML_authdata,
    setpreference, updatelocalconfig, updatepassword, updateworkerconfig)
from .validation import JobTallyValidator, JobValidator, validatejob
from .waiting import waitfor
from .workers import bannedworkers, hostorder, joborder, workerconfig, workerinfo, workerping, workorder

__version__ = version()
