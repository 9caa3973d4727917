package qb;

# Inside a perl callback: commands and questions to the farm (callbacks.md 13.1), core modules only.
#
#   qb::unblock($qb::jobid);
#   qb::workunblock($qb::jobid . ":" . $qb::workname);
#   for my $job (qb::jobinfo("-pgrp", $qb::jobid)) { print "$job->{id} is $job->{status}\n"; }
#
# A refused call prints a line to the job's .cb file and returns an empty list; a supervisor that cannot be reached dies. Outside of a
# callback the module is a plain client of the supervisor in QB_SUPERVISOR.

use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP ();
use Time::HiRes ();

our $VERSION = '0.1.0';

# What fired, set before the script runs; as functions too, as python has them.
our ($jobid, $subid, $workname, $event, $user) = ('', -1, '', '', '');
our $error = '';
# Seconds for which a call keeps trying while the supervisor is away.
our $patience = 30;

my $firing = delete $ENV{QUBE_FIRING};
my $calls = 0;
if (defined $firing) {
    $jobid = delete $ENV{QUBE_FIRING_JOB};
    $user = delete $ENV{QUBE_FIRING_USER};
    $workname = delete $ENV{QUBE_FIRING_ITEM};
    $subid = delete $ENV{QUBE_FIRING_INSTANCE};
    $event = delete $ENV{QUBE_FIRING_EVENT};
    utf8::decode($_) for $user, $workname, $event;
}

# Wide characters leave as \u escapes: no byte of a message depends on a locale.
my $json = JSON::PP->new->ascii->canonical->allow_nonref;
my $http = HTTP::Tiny->new(agent => "qb.pm/$VERSION", timeout => 30, keep_alive => 1);

sub jobid { return $jobid }
sub subid { return $subid }
sub workname { return $workname }
sub event { return $event }

sub _base {
    my $supervisor = $ENV{QB_SUPERVISOR} || '127.0.0.1';
    $supervisor = "http://$supervisor" if $supervisor !~ m{://};
    $supervisor =~ s{/+$}{};
    $supervisor .= ':50001' if $supervisor =~ m{^https?://(?:\[[^\]]*\]|[^:/]+)$};
    return $supervisor;
}

sub _token {
    return $ENV{QB_TOKEN} if $ENV{QB_TOKEN};
    my $path = $ENV{QB_TOKEN_FILE} or return;
    open(my $file, '<', $path) or die "$path: $!\n";
    my $token = <$file>;
    chomp $token;
    return $token;
}

# The answer to a call; undef where it was refused. A call that changes the farm carries its number within the firing: the same number of
# the same firing is done once, however often the script is run again.
sub _call {
    my ($function, $path, $body, $changes) = @_;
    my %headers = ('Content-Type' => 'application/json', 'Accept' => 'application/json');
    if (defined $firing) {
        $headers{'X-Qube-Firing'} = $firing;
        $headers{'X-Qube-Call'} = ++$calls if $changes;
    }
    my $token = _token();
    $headers{Authorization} = "Bearer $token" if $token;
    my $content = $json->encode($body);
    my $deadline = Time::HiRes::time() + $patience;
    my $wait = 0.05;
    while (1) {
        my $response = $http->request('POST', _base() . $path, { headers => \%headers, content => $content });
        if ($response->{success}) {
            return length $response->{content} ? $json->decode($response->{content}) : {};
        }
        my $answer = eval { $json->decode($response->{content}) };
        my $told = ref $answer eq 'HASH' ? $answer->{error} : undef;
        $error = ref $told eq 'HASH' ? $told->{message} : $told || $response->{content} || $response->{reason};
        $error =~ s/\s+$//;
        if ($response->{status} != 599 && $response->{status} != 503) {
            print STDERR "qb::$function: $error\n";
            return undef;
        }
        my $left = $deadline - Time::HiRes::time();
        die "supervisor " . _base() . " cannot be reached: $error\n" if $left <= 0;
        Time::HiRes::sleep($wait < $left ? $wait : $left);
        $wait = $wait * 2 > 1 ? 1 : $wait * 2;
    }
}

sub _request_id {
    return sprintf('%08x-%08x-%08x-%08x', map { int(rand(2**32)) } 1 .. 4);
}

sub _caller {
    return $user if length $user;
    return (getpwuid($<))[0] || $ENV{USER} || "$<";
}

# Numbers, texts, jobs, items and lists of them as id texts.
sub _ids {
    my ($separator, @given) = @_;
    my @ids;
    for my $one (@given) {
        if (ref $one eq 'ARRAY') {
            push @ids, _ids($separator, @$one);
        } elsif (ref $one eq 'HASH') {
            my $is_part = exists $one->{pid} && !exists $one->{prototype};
            push @ids, $is_part && $separator eq ':' ? "$one->{pid}:$one->{name}" : $is_part ? "$one->{pid}.$one->{id}" : "$one->{id}";
        } elsif (defined $one && length $one) {
            push @ids, "$one";
        }
    }
    return @ids;
}

sub _control {
    my ($function, $verb, $scope, @given) = @_;
    my @ids = _ids($scope eq 'work' ? ':' : '.', @given);
    return () unless @ids;
    my $answer = _call($function, '/api/v1/control',
        { requestId => _request_id(), user => _caller(), verb => $verb, scope => $scope, ids => \@ids }, 1);
    return $answer ? @{ $answer->{affected} || [] } : ();
}

{
    no strict 'refs';
    for my $name (qw(block unblock kill retry requeue interrupt preempt migrate suspend resume retire complete fail remove shove top bottom)) {
        my $verb = $name eq 'complete' ? 'retire' : $name;
        *{"qb::$name"} = sub { return _control($name, $verb, 'job', @_) };
    }
    for my $name (qw(block unblock kill retry requeue retire complete fail)) {
        my $verb = $name eq 'complete' ? 'retire' : $name;
        # Both spellings that scripts use.
        *{"qb::${name}work"} = sub { return _control("${name}work", $verb, 'work', @_) };
        *{"qb::work$name"} = sub { return _control("work$name", $verb, 'work', @_) };
    }
}

# qb::modify({ priority => 5 }, 12)
sub modify {
    my ($params, @given) = @_;
    my @ids = _ids('.', @given);
    return () unless @ids;
    my $answer = _call('modify', '/api/v1/modify', { requestId => _request_id(), user => _caller(), params => $params, ids => \@ids }, 1);
    return $answer ? @{ $answer->{affected} || [] } : ();
}

# Raises a user-defined event such as approved-job-12; true when it was taken.
sub trigger {
    my ($name) = @_;
    return defined _call('trigger', '/api/v1/trigger', { requestId => _request_id(), user => _caller(), event => $name }, 1);
}

# Jobs as hashes, or lists of them; returns what was accepted, with id, pgrp and label. Dies when refused: nothing of it was taken.
sub submit {
    my @jobs = map { ref $_ eq 'ARRAY' ? @$_ : $_ } @_;
    return () unless @jobs;
    my $answer = _call('submit', '/api/v1/jobs', { requestId => _request_id(), user => _caller(), jobs => \@jobs }, 1);
    die "qb::submit: $error\n" unless $answer;
    print STDERR "qb::submit: $_\n" for @{ $answer->{warnings} || [] };
    return @{ $answer->{jobs} || [] };
}

my %extras = (agenda => 'agenda', work => 'agenda', subjobs => 'subjobs', instances => 'subjobs', callbacks => 'callbacks');

# qb::jobinfo("-id", 12), qb::jobinfo("-pgrp", 12, "-agenda") or qb::jobinfo(id => 12, agenda => 1): any filter of qbjobs.
sub jobinfo {
    my @rest = @_;
    my %body = (filters => {});
    while (@rest) {
        my $flag = shift @rest;
        (my $name = $flag) =~ s/^-+//;
        my $is_dashed = $flag =~ /^-/;
        if (my $extra = $extras{$name}) {
            my $value = $is_dashed ? 1 : shift @rest;
            $body{$extra} = $value ? JSON::PP::true : JSON::PP::false;
            next;
        }
        die "jobinfo: flag '$flag' has no value\n" unless @rest;
        my $value = shift @rest;
        my @values = ref $value eq 'ARRAY' ? @$value : ($value);
        if ($name eq 'id') {
            for my $one (map { split /,/ } @values) {
                my ($number) = $one =~ /^\s*(\d+)(?:[.:].*)?$/ or die "jobinfo: '$one' is no job id\n";
                push @{ $body{ids} }, $number + 0;
            }
        } else {
            my $before = $body{filters}{$name};
            push @values, ref $before ? @$before : $before if defined $before;
            $body{filters}{$name} = @values == 1 ? "$values[0]" : [map { "$_" } @values];
        }
    }
    my $answer = _call('jobinfo', '/api/v1/jobs/query', \%body, 0);
    return $answer ? @{ $answer->{jobs} || [] } : ();
}

sub hostinfo {
    my %given = @_;
    my %filters = map { (my $name = $_) =~ s/^-+//; ($name => $given{$_}) } keys %given;
    my $answer = _call('hostinfo', '/api/v1/hosts/query', { filters => \%filters }, 0);
    return $answer ? @{ $answer->{hosts} || [] } : ();
}

1;
