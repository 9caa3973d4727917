"""Constants of the documented API (python-api.md 1)."""

QB_API_BINARY = 1
QB_API_XML = 2

# Qube time counts seconds from 2000-01-01 05:00:00 UTC (callbacks.md 9).
QB_TIME_EPOCH_OFFSET = 946702800

QB_CLIENT_DEFAULT_CONF = '/etc/qb.conf'
QB_SUPERVISOR_CONFIG_DEFAULT_LICENSE_FILE = '/etc/qb.lic'
QB_SUPERVISOR_CONFIG_DEFAULT_LOGFILE = '/var/log/supelog'
QB_SUPERVISOR_CONFIG_DEFAULT_LOGPATH = '/var/spool/qube'
QB_SUPERVISOR_CONFIG_DEFAULT_WORKER_CONFIGFILE = '/etc/qbwrk.conf'
QB_WORKER_CONFIG_DEFAULT_LOGFILE = '/var/log/workerlog'


def CONST(name):
    """The value of a constant by its name; KeyError for a name that is none."""
    if not name.startswith('QB_') or name not in globals():
        raise KeyError(name)
    return globals()[name]


# jobs.md 1.1: value and name.
JOB_FLAGS = (
    (1, 'uninterruptible'), (4, 'grid'), (8, 'auto_mount'), (16, 'export_environment'), (32, 'expand'), (256, 'host_list'), (512, 'elite'),
    (1024, 'mail'), (2048, 'disable_windows_job_object'), (4096, 'disable_cpu_limit'), (8192, 'disable_auto_complete'), (16384, 'auto_wrangling'),
    (32768, 'p_agenda'), (65536, 'migrate_on_frame_retry'), (131072, 'convert_path'), (524288, 'no_defaults'),
)
