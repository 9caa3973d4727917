# Runs one perl callback: its code is on standard input, what it prints goes to the job's .cb file, and how it failed is told on
# descriptor 3. Started by qb_callbacks/perl.py, within the limits that are set there.
use strict;
use warnings;

# Before all variables of this file, so that the script sees none of them.
sub qb_callback::run {
    no strict;
    no warnings;
    local $@;
    local $0 = $_[1];
    eval "#line 1 \"$_[1]\"\n$_[0]";
    return length $@ ? $@ : undef;
}

$| = 1;
binmode STDOUT, ':utf8';
binmode STDERR, ':utf8';

my $name = delete $ENV{QUBE_FIRING_NAME};
my $code = do { local $/; binmode STDIN, ':encoding(UTF-8)'; <STDIN> };
$code =~ s/^\x{feff}//;
$code =~ s/\r\n?/\n/g;
open(my $status, '>&=', 3) or die "descriptor 3: $!\n";
{
    # What the script starts has no business there.
    require Fcntl;
    fcntl($status, Fcntl::F_SETFD(), Fcntl::FD_CLOEXEC());
}
close STDIN;
open(STDIN, '<', '/dev/null') or die "/dev/null: $!\n";
require qb;

sub qb_callback::tell {
    my ($end) = @_;
    syswrite($status, JSON::PP->new->ascii->encode($end));
}

my $failure = qb_callback::run($code, $name);
if (defined $failure) {
    $failure = ref $failure ? "$failure" : $failure;
    print STDERR $failure, $failure =~ /\n\z/ ? '' : "\n";
    $failure =~ s/\s+\z//;
    my ($first) = split /\n/, $failure;
    qb_callback::tell({ exit => 'failed', text => substr($first // '', 0, 4000) });
    exit 1;
}
qb_callback::tell({ exit => 'completed' });
exit 0;
