package qb;

# Inside the back end of a job type, on a worker (python-api.md 8, jobs.md 6.2): execute_binding = Perl in its job.conf.
#
#   while (1) {
#       my $work = qb::requestwork();
#       next if $work->{status} eq 'waiting';
#       if ($work->{status} =~ /^(?:complete|pending|blocked)$/) { qb::reportjob($work->{status}); last; }
#       $work->{status} = system('render', $work->{name}) == 0 ? 'complete' : 'failed';
#       $work->{resultpackage} = { outputPaths => "/out/$work->{name}.exr" };
#       qb::reportwork($work);
#   }
#
# The launcher of the host gave this process a socket and knows what is in hand. What it has answered stands, whatever dies afterwards: an
# item whose reportwork returned is never run again. While the worker node is away requestwork waits.

use strict;
use warnings;
use Errno ();
use JSON::PP ();

# A result travels inside the farm's messages, which have a limit.
our $max_result_bytes = 32000;

my $asks = JSON::PP->new->ascii->canonical;
my $told = JSON::PP->new->utf8;
my ($launcher, $job);
my $received = '';
# What the item in hand is checked with, by its key: [variables, postflights].
my %checks;

if (defined $ENV{QUBE_BACKEND_FD} && !length $qb::jobid) {
    ($qb::jobid, $qb::subid) = ($ENV{QBJOBID} + 0, $ENV{QBSUBID} + 0);
}

sub _launcher {
    my ($function) = @_;
    return $launcher if $launcher;
    my $descriptor = $ENV{QUBE_BACKEND_FD};
    die "qb::$function is known in the back end of a job type only\n" unless defined $descriptor;
    open($launcher, '+<&=', $descriptor) or die "qb::$function: descriptor $descriptor: $!\n";
    # What it starts has no business there.
    require Fcntl;
    fcntl($launcher, Fcntl::F_SETFD(), Fcntl::FD_CLOEXEC());
    return $launcher;
}

# One request, one answer; a signal interrupts neither.
sub _demand {
    my ($function, $request) = @_;
    my $socket = _launcher($function);
    my $line = $asks->encode($request) . "\n";
    while (length $line) {
        my $count = syswrite($socket, $line);
        next if !defined $count && $!{EINTR};
        die "qb::$function: the launcher of this host cannot be reached: $!\n" unless defined $count;
        substr($line, 0, $count, '');
    }
    while (index($received, "\n") < 0) {
        my $count = sysread($socket, $received, 65536, length $received);
        next if !defined $count && $!{EINTR};
        die "qb::$function: the launcher of this host is gone\n" unless $count;
    }
    $received =~ s/^([^\n]*)\n//;
    my $answer = $told->decode($1);
    die "qb::$function: $answer->{error}\n" if exists $answer->{error};
    return $answer;
}

# The job, its package decoded. Asked of the supervisor once; waits while that is away.
sub jobobj {
    until ($job) {
        my @found = eval { qb::jobinfo(id => $qb::jobid) };
        my $failure = $@;
        if ($failure) {
            die $failure unless $failure =~ /cannot be reached/;
            next;
        }
        die "qb::jobobj: the farm has no job $qb::jobid\n" unless @found;
        $job = $found[0];
    }
    return { %$job };
}

# The next item. Its status says what to do: running, run it; waiting, ask again; complete, blocked or pending, there is no more for this
# process. An item that its preflights stop is reported and not returned.
sub requestwork {
    while (1) {
        my $work = _demand('requestwork', { call => 'requestwork' });
        my ($before, $after) = (delete $work->{preflights} || [], delete $work->{postflights} || []);
        my %variables = map { split /=/, $_, 2 } @{ delete $work->{flight_env} || [] };
        $checks{ $work->{key} } = [\%variables, $after] if @$after;
        if (@$before && _failed_check('agenda preflight', $work->{key}, $before, \%variables)) {
            delete $checks{ $work->{key} };
            _demand('reportwork', { call => 'reportwork', key => $work->{key}, status => 'failed', result => {} });
            next;
        }
        $work = { %{ delete $work->{submitted} || {} }, %$work };
        $work->{package} ||= {};
        $work->{resultpackage} ||= {};
        return $work;
    }
}

# Reports an item by its status, with its resultpackage. When it returns, the item is done for ever.
sub reportwork {
    my ($work) = @_;
    die "qb::reportwork: only an item that requestwork gave can be reported\n" unless ref $work eq 'HASH' && exists $work->{key};
    my $result = $work->{resultpackage} || $work->{result} || {};
    die "qb::reportwork: a resultpackage is a hash\n" unless ref $result eq 'HASH';
    my $size = length $asks->encode($result);
    die "qb::reportwork: the resultpackage of item $work->{name} has $size bytes, the most is $max_result_bytes\n" if $size > $max_result_bytes;
    my $status = $work->{status} || 'failed';
    my ($variables, $after) = @{ delete $checks{ $work->{key} } || [{}, []] };
    if (@$after && _failed_check('agenda postflight', $work->{key}, $after, { %$variables, QB_FRAME_STATUS => $status })) {
        $status = 'failed' if $status eq 'complete';
    }
    _demand('reportwork', { call => 'reportwork', key => $work->{key}, status => "$status", result => $result });
    return 1;
}

# Says how the instance went: complete, failed, blocked or pending. The process gets no more items.
sub reportjob {
    my ($status, $result) = @_;
    $status = $status->{status} if ref $status eq 'HASH';
    _demand('reportjob', { call => 'reportjob', status => "$status", result => $result || {} });
    return 1;
}

# The ordered path replacements of this worker (worker_path_map): from, to, from, to...
sub _path_pairs {
    return @{ $told->decode($ENV{QUBE_PATH_MAP}) } if defined $ENV{QUBE_PATH_MAP};
    my $text = $ENV{QB_WORKER_PATH_MAP} || '';
    return map { /^\s*"?([^"=]+?)"?\s*=\s*"?([^"]*?)"?\s*$/ ? ($1, $2) : () } split /[,\n]/, $text;
}

sub workerpathmap { return { _path_pairs() } }

# The path as this worker sees it.
sub convertpath {
    my ($path) = @_;
    my @pairs = _path_pairs();
    while (my ($old, $new) = splice @pairs, 0, 2) {
        $path =~ s/\Q$old\E/$new/g;
    }
    return $path;
}

# Runs one check after the other (jobs.md 10); the first that does not pass ends it. How it failed, written down for the worker too.
sub _failed_check {
    my ($level, $key, $paths, $variables) = @_;
    for my $check (@$paths) {
        my $how = _how_check_failed($check, $variables) // next;
        my $reason = "$level $check $how";
        print STDERR "qube: $reason\n";
        if (my $report = $ENV{QUBE_FLIGHT_REPORT}) {
            open(my $file, '>>', $report) or die "$report: $!\n";
            syswrite($file, "$key $reason\n");
            close $file;
        }
        return $reason;
    }
    return;
}

sub _how_check_failed {
    my ($check, $variables) = @_;
    return 'is not there' unless -e $check;
    return 'is not executable' if -d $check || !-x $check;
    local %ENV = (%ENV, %$variables);
    delete $ENV{QUBE_BACKEND_FD};
    my $code = system { $check } $check;
    $code = system('/bin/sh', $check) if $code == -1 && $!{ENOEXEC};
    return "cannot be started: $!" if $code == -1;
    return undef if $code == 0;
    return 'failed with exit code ' . ($code & 127 ? -($code & 127) : $code >> 8);
}

1;
