# A perl submitter and wrangler, run by hand: what studios' perl tools do with qb.pm outside of callbacks.
use strict;
use warnings;
use utf8;
use Time::HiRes ();
use qb;

sub check {
    my ($is, $what) = @_;
    die "expected $what\n" unless $is;
}

sub same {
    my ($found, $expected) = @_;
    my ($f, $e) = map { ref $_ eq 'ARRAY' ? '[' . join('|', @$_) . ']' : $_ } $found, $expected;
    my (undef, undef, $line) = caller;
    die "line $line: expected $e\n   found $f\n" unless $f eq $e;
}

sub eventually {
    my ($what, $probe) = @_;
    my $end = time + 120;
    until ($probe->()) {
        die "expected $what within 120 s\n" if time > $end;
        Time::HiRes::sleep(0.02);
    }
}

# Ranges: the manual's rows.
same([qb::rangesplit('1-5,7')], [1 .. 5, 7]);
same([qb::rangesplit('1-10x3')], [1, 4, 7, 10]);
same([qb::rangesplit('-10-5')], [-10 .. 5]);
same([qb::rangesplit('-10--1x2')], [-10, -8, -6, -4, -2]);
same([qb::rangesplit('3-1,2,ls,echo HI')], [3, 2, 1, 'ls', 'echo HI']);
same([qb::rangechunk(5, '1-10')], ['1-5', '6-10']);
same([qb::rangepartition(3, '1-10')], ['1-4', '5-7', '8-10']);
same(qb::rangejoin(1, 3, 5), '1-5x2');
same(qb::rangejoin([1, 2, 3, 7]), '1-3,7');
same(qb::rangejoin(1, 2, 4, 6, 8), '1-2,4-8x2');
same([qb::rangeorder('binary', '1-5')], [1, 5, 3, 2, 4]);
same([map { [qb::rangeorder($_, '3,1,2')]->[0] } qw(ascend descend reverse rawbinary)], [1, 3, 2, 3]);
same([map { $_->{name} } qb::genchunks(2, '1-5')], ['1-2', '3-4', '5']);
check(!eval { qb::rangesplit('1-'); 1 }, 'a refusal of 1-');

my $mark = "perl-$$-" . int(rand 1e6);
check(qb::ping() =~ /farmhost/, 'a ping');
my %job = (prototype => 'cmdrange', name => "$mark ünïcode", cpus => '2', priority => 50,
    package => { cmdline => 'echo frame QB_FRAME_NUMBER', padding => 3, deep => { list => [1, 'a', undef], blob => "YWJj\nZGVm\n" } },
    agenda => [qb::genframes('1-4')], studio_key => [undef, { x => 'y' }]);
my ($done, $held) = qb::submit(\%job, { %job, name => "$mark held", status => 'blocked', label => 'held' });
check($done->{id} > 0 && $held->{pgrp} == $done->{pgrp}, 'two jobs of one group');
eventually('the job complete', sub { [qb::jobinfo("-id", $done->{id})]->[0]{status} eq 'complete' });
my ($seen) = qb::jobinfo(id => $done->{id}, agenda => 1, subjobs => 1);
same($seen->{name}, "$mark ünïcode");
same($seen->{package}{deep}{blob}, "YWJj\nZGVm\n");
check(!defined $seen->{studio_key}[0] && $seen->{studio_key}[1]{x} eq 'y', 'unknown keys as they were');
same([map { "$_->{name} $_->{status}" } @{ $seen->{agenda} }], [map { "$_ complete" } 1 .. 4]);
same(scalar @{ $seen->{subjobs} }, 2);
same([sort split /\n/, join '', map { $_->{data} } qb::stdout($done->{id})], ['frame 001', 'frame 002', 'frame 003', 'frame 004']);
same(join('', map { $_->{data} } qb::stderr("$done->{id}.0")), '');
check([qb::hist($done->{id})]->[0]{comment} =~ /^job submitted/, 'a history');
same([sort map { $_->{status} } qb::jobinfo(filters => { name => "$mark*" }, orderby => 'id ASC')], ['blocked', 'complete']);
same([map { $_->{id} } qb::jobinfo('-pgrp', $done->{pgrp}, '-status', 'blocked')], [$held->{id}]);
same([map { scalar @{ $_->{agenda} } } qb::jobinfo({ fields => ['agenda'], filters => { name => "$mark*" }, limit => 1 })], [4]);

# Commands.
my $id = $held->{id};
same([qb::modify({ priority => 7, notes => 'ü' }, $id)], [$id]);
same([@{ [qb::jobinfo("-id", $id)]->[0] }{qw(priority notes)}], [7, 'ü']);
same([qb::blockwork("$id:1")], ["$id:1"]);
same([qb::workunblock("$id:1")], ["$id:1"]);
same([qb::killwork("$id:1-2")], ["$id:1", "$id:2"]);
same([qb::retrywork("$id:1")], ["$id:1"]);
same([qb::top($id)], [$id]);
same([qb::shove($id)], [$id]);
same([sort(qb::unblock($id))], ["$id.0", "$id.1"]);
eventually('the held job done', sub { [qb::jobinfo("-id", $id)]->[0]{status} =~ /^(?:complete|failed|killed)$/ });
same([qb::kill($id, 999999)], []);
same([qb::requeue("$id.0")], ["$id.0"]);
check(!eval { qb::submit({ name => 'no prototype' }); 1 } && $@ =~ /prototype/, "a refusal that names the prototype, not $@");
check(!eval { qb::kill('abc'); 1 } && $@ =~ /abc/, 'a refusal that names the id');
my ($running) = qb::submit({ prototype => 'cmdline', name => $mark, package => { cmdline => 'exec sleep 600' } });
eventually('it runs', sub { [qb::jobinfo("-id", $running->{id})]->[0]{cpustally}{running} == 1 });
same([map { $_->{id} } grep { $_->{id} == $running->{id} } qb::joborder('farmhost')], [$running->{id}]);
same([qb::suspend($running->{id})], ["$running->{id}.0"]);
same([qb::resume($running->{id})], ["$running->{id}.0"]);
same([qb::kill($running)], ["$running->{id}.0"]);
same([map { $_->{name} } qb::hostinfo(name => 'farmhost')], ['farmhost']);
same([qb::workerlock('farmhost', 1)], ['farmhost']);
same([qb::workerlock(['farmhost'], 0)], ['farmhost']);
check(qb::updateresources({ "license.$$" => [0, 3] }), 'a resource');
same(qb::resource("license.$$")->{"license.$$"}, [0, 3]);
my ($global) = qb::submitcallback({ triggers => "never${\(int rand 1e6)}-global", language => 'perl', code => '1;' });
check($global->{id} > 0, 'a global callback');
check(qb::_call('removecallback', '/api/v1/callbacks/remove', { user => 'root', ids => [$global->{id}] }, 1), 'its removal');
print "commanded by perl $^V\n";
