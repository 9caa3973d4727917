# A back end in perl in the manner of studios' own: one process, item after item, a result for each.
use strict;
use warnings;
use Fcntl;
use Time::HiRes ();
use qb;

# One line of the trace, whole even when several processes write.
sub note {
    sysopen(my $trace, $ENV{TRACE}, O_WRONLY | O_CREAT | O_APPEND) or die "$ENV{TRACE}: $!\n";
    syswrite($trace, join(' ', @_) . "\n");
}

my $package = qb::jobobj()->{package};
note('process', qb::jobid(), qb::subid(), $$);
while (1) {
    my $work = qb::requestwork();
    if ($work->{status} eq 'waiting') {
        note('waiting', qb::subid());
        next;
    }
    if ($work->{status} =~ /^(?:complete|blocked|pending)$/) {
        note('over', qb::subid(), $work->{status});
        qb::reportjob($work->{status});
        last;
    }
    my $name = $work->{name};
    note('begin', $name, $$);
    Time::HiRes::sleep($package->{seconds} || 0);
    $work->{status} = (grep { $_ eq $name } @{ $package->{fails} || [] }) ? 'failed' : 'complete';
    $work->{resultpackage} = { outputPaths => qb::convertpath("/render/$name.exr"), times => $package->{factor} * length $name, own => $work->{package}{own} };
    note('end', $name, $$);
    qb::reportwork($work);
    note('reported', $name, $$);
}
