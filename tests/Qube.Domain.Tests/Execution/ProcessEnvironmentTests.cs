using Qube.Domain.Execution;
using Xunit;

namespace Qube.Domain.Tests.Execution;

public sealed class ProcessEnvironmentTests
{
    private static readonly ProcessIdentity Identity = new()
    {
        JobId = 250,
        Instance = 3,
        ProcessGroupId = 249,
        Supervisor = "localhost:50001",
        QubeFolder = "/opt/qube",
        Allocations = "host.processors=2",
        Slots = 2,
        Padding = 4,
        Item = ItemTokens.Of("11-20", 4),
    };

    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Should_name_job_instance_and_item_when_a_frame_runs()
    {
        IReadOnlyDictionary<string, string> variables = ProcessEnvironment.Of(Identity, Nothing, Nothing);

        Assert.Equal(
            """
            QBDIR=/opt/qube
            QBJOBID=250
            QBPGRPID=249
            QBSUBID=3
            QB_ALLOCATIONS=host.processors=2
            QB_DIR=/opt/qube
            QB_DOMAIN=qube
            QB_FRAME_END=20
            QB_FRAME_NUMBER=11
            QB_FRAME_PADDING=4
            QB_FRAME_RANGE=11-20
            QB_FRAME_START=11
            QB_FRAME_STEP=1
            QB_JOBID=250
            QB_JOBSLOTS=2
            QB_PADDED_FRAME_END=0020
            QB_PADDED_FRAME_NUMBER=0011
            QB_PADDED_FRAME_START=0011
            QB_PADDED_FRAME_STEP=0001
            QB_PGRP=249
            QB_SUBJOBID=3
            QB_SUPERVISOR=localhost:50001
            """.ReplaceLineEndings("\n"),
            string.Join('\n', variables.Select(variable => $"{variable.Key}={variable.Value}")));
    }

    [Fact]
    public void Should_let_the_job_win_over_the_farm_but_not_over_who_runs()
    {
        Dictionary<string, string> submitter = new() { ["PATH"] = "/bin", ["LANG"] = "C", ["QBJOBID"] = "7", ["QB_FRAME_NUMBER"] = "99" };
        Dictionary<string, string> job = new() { ["LANG"] = "de", ["QB_SUPERVISOR"] = "other", ["QBSUBID"] = "8", ["QB_FRAME_END"] = "99" };

        IReadOnlyDictionary<string, string> variables = ProcessEnvironment.Of(Identity with { Item = null }, submitter, job);

        Assert.Equal(("/bin", "de", "other"), (variables["PATH"], variables["LANG"], variables["QB_SUPERVISOR"]));
        Assert.Equal(("250", "3"), (variables["QBJOBID"], variables["QBSUBID"]));
        Assert.DoesNotContain("QB_FRAME_NUMBER", variables.Keys);
        Assert.DoesNotContain("QB_FRAME_END", variables.Keys);
    }

    [Fact]
    public void Should_tell_a_postflight_how_it_ended()
    {
        IReadOnlyDictionary<string, string> variables = ProcessEnvironment.Of(
            Identity with { InstanceStatus = "failed", FrameStatus = "complete", ExitCode = 3 }, Nothing, Nothing);

        Assert.Equal(
            ("failed", "complete", "3"),
            (variables["QB_INSTANCE_STATUS"], variables["QB_FRAME_STATUS"], variables["QB_SYSTEM_EXIT_CODE"]));
    }
}
