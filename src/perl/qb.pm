package qb;

# Inside a perl callback: commands and questions to the farm (callbacks.md 13.1), core modules only.
#
#   qb::unblock($qb::jobid);
#   qb::workunblock($qb::jobid . ":" . $qb::workname);
#   for my $job (qb::jobinfo("-pgrp", $qb::jobid)) { print "$job->{id} is $job->{status}\n"; }
#
# A refused call prints a line to the job's .cb file and returns an empty list; a supervisor that cannot be reached dies. Outside of a
# callback the module is a plain client of the supervisor in QB_SUPERVISOR, read at every call, and a refused call dies:
#
#   my ($job) = qb::submit({ prototype => "cmdrange", package => { cmdline => "render QB_FRAME_NUMBER" }, agenda => [qb::genframes("1-100")] });
#   qb::kill($job->{id});

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
my $answers = JSON::PP->new->utf8->allow_nonref;
# Certificates are looked at, and without IO::Socket::SSL there is no https.
my $http = HTTP::Tiny->new(agent => "qb.pm/$VERSION", timeout => 30, keep_alive => 1, verify_SSL => 1,
    $ENV{QB_CA_FILE} ? (SSL_options => {SSL_ca_file => $ENV{QB_CA_FILE}}) : ());

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
    my ($function, $path, $body, $changes, $method) = @_;
    my %headers = ('Content-Type' => 'application/json', 'Accept' => 'application/json');
    if (defined $firing) {
        $headers{'X-Qube-Firing'} = $firing;
        $headers{'X-Qube-Call'} = ++$calls if $changes;
    }
    my $token = _token();
    $headers{Authorization} = "Bearer $token" if $token;
    my %request = (headers => \%headers);
    $request{content} = $json->encode($body) if defined $body;
    my $deadline = Time::HiRes::time() + $patience;
    my $wait = 0.05;
    while (1) {
        my $response = $http->request($method || 'POST', _base() . $path, \%request);
        if ($response->{success}) {
            my $answer = length $response->{content} ? $answers->decode($response->{content}) : {};
            if (defined $firing && ref $answer eq 'HASH') {
                print STDERR "qb::$function: $_\n" for @{ $answer->{denied} || [] };
            }
            return $answer;
        }
        my $answer = eval { $answers->decode($response->{content}) };
        my $told = ref $answer eq 'HASH' ? $answer->{error} : undef;
        $error = ref $told eq 'HASH' ? $told->{message} : $told || $response->{content} || $response->{reason};
        $error =~ s/\s+$//;
        if ($response->{status} != 599 && $response->{status} != 503) {
            die "qb::$function: $error\n" unless defined $firing;
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

# Outside of a callback a job takes the directory it is submitted from along, and the environment where its flags say so.
sub _outgoing {
    my ($job) = @_;
    return $job if defined $firing || ref $job ne 'HASH';
    require Cwd;
    my %sent = (cwd => Cwd::getcwd(), %$job);
    my $flags = join ',', grep { defined } $job->{flags}, $job->{flagsstring};
    $sent{exported_env} = {%ENV} if $flags =~ /export_environment/ || ($flags =~ /^(\d+)/ && $1 & 16);
    return \%sent;
}

# Jobs as hashes, or lists of them; returns what was accepted, with id, pgrp and label. Dies when refused: nothing of it was taken.
sub submit {
    my @jobs = map { ref $_ eq 'ARRAY' ? @$_ : $_ } @_;
    return () unless @jobs;
    my $answer = _call('submit', '/api/v1/jobs', { requestId => _request_id(), user => _caller(), jobs => [map { _outgoing($_) } @jobs] }, 1);
    die "qb::submit: $error\n" unless $answer;
    print STDERR "qb::submit: $_\n" for @{ $answer->{warnings} || [] };
    return @{ $answer->{jobs} || [] };
}

my %extras = (agenda => 'agenda', work => 'agenda', subjobs => 'subjobs', instances => 'subjobs', callbacks => 'callbacks');

# qb::jobinfo("-id", 12), qb::jobinfo("-pgrp", 12, "-agenda"), qb::jobinfo(id => 12, agenda => 1) or
# qb::jobinfo(fields => ["agenda"], filters => { status => "running" }, limit => 5, orderby => "id DESC"): any filter of qbjobs.
sub jobinfo {
    my @rest = ref $_[0] eq 'HASH' ? %{ $_[0] } : @_;
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
        if ($name eq 'fields') {
            unshift @rest, map { exists $extras{$_} ? ("-$_") : () } ref $value eq 'ARRAY' ? @$value : split /,/, $value;
            next;
        }
        if ($name eq 'filters' && ref $value eq 'HASH') {
            unshift @rest, %$value;
            next;
        }
        if ($name =~ /^(?:limit|minid|maxid|orderby|offset|(?:updated|submitted)(?:After|Before))$/) {
            $body{$name} = $value;
            next;
        }
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

sub _ask {
    my ($function, $path, $key, $more, @given) = @_;
    my $answer = _call($function, $path, { ids => [_ids('.', @given)], %$more }, 0);
    return $answer ? @{ $answer->{$key} || [] } : ();
}

# The history of jobs (12), instances ("12.0") and items ("12:5"): comment, stamp, timestamp, jobid, subid, workid.
sub hist { return _ask('hist', '/api/v1/hist', 'history', {}, @_) }

# What instances wrote, one hash each: jobid, subid, data, fullsize.
sub stdout { return _ask('stdout', '/api/v1/logs', 'logs', { stream => 'out' }, @_) }
sub stderr { return _ask('stderr', '/api/v1/logs', 'logs', { stream => 'err' }, @_) }

# Callbacks that no job owns; returns those accepted, with id.
sub submitcallback {
    my @callbacks = map { ref $_ eq 'ARRAY' ? @$_ : $_ } @_;
    return () unless @callbacks;
    my $answer = _call('submitcallback', '/api/v1/callbacks', { requestId => _request_id(), user => _caller(), callbacks => \@callbacks }, 1);
    return $answer ? @{ $answer->{callbacks} || [] } : ();
}

# Jobs that run on a host or could, in the order in which it would take them.
sub _fitting {
    my ($job) = @_;
    my $answer = eval { _call('explain', "/api/v1/jobs/$job/explain", undef, 0, 'GET') } || {};
    return map { $_->{host} } grep { !@{ $_->{lacks} || [] } } @{ $answer->{hosts} || [] };
}

sub joborder {
    my ($host) = @_;
    my @jobs = sort { $a->{priority} <=> $b->{priority} || ($a->{localorder} || 0) <=> ($b->{localorder} || 0) || $a->{id} <=> $b->{id} }
        jobinfo(status => ['running', 'pending'], subjobs => 1);
    return grep {
        my $job = $_;
        (grep { ($_->{host} || '') eq $host && $_->{status} =~ /^(?:running|registering|suspended|waiting)$/ } @{ $job->{subjobs} })
            || (grep { $_ eq $host } _fitting($job->{id}));
    } @jobs;
}

# Farm-wide resources by name, [used, total] each; those named, or all.
sub resource {
    my @names = map { ref $_ eq 'ARRAY' ? @$_ : $_ } @_;
    my $answer = _call('resource', '/api/v1/resources', undef, 0, 'GET');
    my %known = %{ $answer ? $answer->{resources} : {} };
    return \%known unless @names;
    return { map { ($_ => $known{$_}) } grep { exists $known{$_} } @names };
}

# qb::updateresources({ 'license.maya' => [3, 10] }): used and total.
sub updateresources {
    my ($resources) = @_;
    return defined _call('updateresources', '/api/v1/resources', { requestId => _request_id(), user => _caller(), resources => $resources }, 1);
}

# qb::workerlock("host", 1), qb::workerlock("host", 0), qb::workerlock("host", "host.processor_0=1"); returns the hosts.
sub workerlock {
    my ($names, $lock) = @_;
    my %said = $lock =~ /^[01]$/ ? (lock => $lock ? JSON::PP::true : JSON::PP::false) : (locks => $lock);
    my $answer = _call('workerlock', '/api/v1/hosts/lock', { requestId => _request_id(), user => _caller(), names => [ref $names ? @$names : $names], %said }, 1);
    return $answer ? @{ $answer->{hosts} || [] } : ();
}

# A line about the supervisor; empty when it is not there.
sub ping {
    local $patience = 5;
    my $answer = eval { _call('ping', '/api/v1/ping', undef, 0, 'GET') } or return '';
    return "$answer->{name} ($answer->{address}) - $answer->{version}";
}

# Frame ranges (jobs.md 7): 1-10, 1-10x2, -10--1, names; duplicates are taken out.
sub _frames {
    my (@frames, %seen);
    for my $part (map { s/^\s+|\s+$//gr } map { split /,/, $_, -1 } map { ref $_ eq 'ARRAY' ? @$_ : $_ } @_) {
        if ($part =~ /^(-?\d{1,15})(?:-(-?\d{1,15})(?:x(\d{1,15}))?)?$/) {
            my ($first, $last, $step) = ($1 + 0, defined $2 ? $2 + 0 : $1 + 0, defined $3 ? $3 + 0 : 1);
            die "frame range: the step of '$part' must be at least 1\n" if $step < 1;
            my $count = int(abs($last - $first) / $step);
            push @frames, grep { !$seen{$_}++ } map { $first + $_ * ($last >= $first ? $step : -$step) } 0 .. $count;
        } elsif ($part eq '' || $part =~ /^[-\d]/) {
            die "frame range: '$part' is neither a frame nor a range such as 1-10x2\n";
        } else {
            push @frames, $part unless $seen{$part}++;
        }
    }
    return @frames;
}

sub rangesplit { return _frames(@_) }

# The shortest range for frames in this order: qb::rangejoin(1, 3, 5) is "1-5x2".
sub rangejoin {
    my @runs;
    for my $frame (map { ref $_ eq 'ARRAY' ? @$_ : $_ } @_) {
        if ($frame !~ /^(?:0|-?[1-9]\d{0,14})$/) {
            push @runs, $frame;
            next;
        }
        my ($last, $before) = (ref $runs[-1] ? $runs[-1] : undef, @runs > 1 && ref $runs[-2] ? $runs[-2] : undef);
        if ($last && $last->[2] && $frame - $last->[1] == $last->[2] || $last && !$last->[2] && $frame == $last->[1] + 1) {
            ($last->[1], $last->[2]) = ($frame, $last->[2] || 1);
        } elsif ($last && !$last->[2] && $before && !$before->[2] && $frame != $last->[1] && $last->[1] - $before->[1] == $frame - $last->[1]) {
            pop @runs;
            ($before->[1], $before->[2]) = ($frame, $frame - $last->[1]);
        } else {
            push @runs, [$frame + 0, $frame + 0, 0];
        }
    }
    return join ',', map { !ref $_ ? $_ : !$_->[2] ? $_->[0] : "$_->[0]-$_->[1]" . (abs $_->[2] == 1 ? '' : 'x' . abs $_->[2]) } @runs;
}

sub rangechunk {
    my ($size, @ranges) = @_;
    die "rangechunk: the number must be at least 1\n" if $size < 1;
    my @frames = _frames(@ranges);
    my @chunks;
    push @chunks, rangejoin(splice @frames, 0, $size) while @frames;
    return @chunks;
}

sub rangepartition {
    my ($parts, @ranges) = @_;
    die "rangepartition: the number must be at least 1\n" if $parts < 1;
    my @frames = _frames(@ranges);
    my ($size, $longer) = (int(@frames / $parts), @frames % $parts);
    return map { rangejoin(splice @frames, 0, $size + ($_ < $longer ? 1 : 0)) } grep { $size || $_ < $longer } 0 .. $parts - 1;
}

# First, last, then the middles of ever smaller gaps.
sub binarysort {
    my @items = @_;
    my @order = @items ? (0) : ();
    push @order, $#items if @items > 1;
    my @gaps = ([0, $#items]);
    while (@gaps) {
        @gaps = map {
            my ($low, $high) = @$_;
            my $middle = $low + int(($high - $low) / 2);
            $high - $low < 2 ? () : do { push @order, $middle; ([$low, $middle], [$middle, $high]) };
        } @gaps;
    }
    return @items[@order];
}

# Modes: ascend descend reverse binary rawbinary.
sub rangeorder {
    my ($mode, @ranges) = @_;
    my @frames = _frames(@ranges);
    return reverse @frames if $mode eq 'reverse';
    return binarysort(@frames) if $mode eq 'rawbinary';
    my @ascending = ((sort { $a <=> $b } grep { /^-?\d+$/ } @frames), (sort grep { !/^-?\d+$/ } @frames));
    return $mode eq 'ascend' ? @ascending : $mode eq 'descend' ? reverse(@ascending) : $mode eq 'binary' ? binarysort(@ascending)
        : die "rangeorder: '$mode' is none of ascend, descend, reverse, binary, rawbinary\n";
}

sub genframes { return map { { name => "$_" } } rangesplit(@_) }
sub genchunks { return map { { name => "$_" } } rangechunk(@_) }
sub genpartitions { return map { { name => "$_" } } rangepartition(@_) }

sub hostinfo {
    my %given = @_;
    my %filters = map { (my $name = $_) =~ s/^-+//; ($name => $given{$_}) } keys %given;
    my $answer = _call('hostinfo', '/api/v1/hosts/query', { filters => \%filters }, 0);
    return $answer ? @{ $answer->{hosts} || [] } : ();
}

require qb::backend;
