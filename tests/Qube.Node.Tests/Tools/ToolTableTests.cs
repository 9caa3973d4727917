using Qube.Node.Cli;
using Qube.Node.Tools;
using Xunit;

namespace Qube.Node.Tests.Tools;

/// <summary>The tables of the tools against the rows of spec/cli.md, and how a command line is read by them.</summary>
public sealed class ToolTableTests
{
    private const string Std = " user type prototype status name kind pid pgrp priority cluster cpus xml";
    private const string Retry = "work subjob running complete failed killed done workcomplete workfailed workkilled workdone subjobcomplete subjobfailed subjobkilled subjobdone";

    /// <summary>Tool and options, as spec/cli.md writes them.</summary>
    public static TheoryData<string, string> Rows => new()
    {
        {
            "qbsub",
            "name priority requirements reservations restrictions pid pgrp cluster kind account user domain cpus max_cpus processors status state hosts omithosts groups "
            + "omitgroups hostorder flags mail address dependency waitfor waiton preexec postexec timelimit agendatimelimit range frames padding reverse binary partitions "
            + "partition chunk p_agenda p_priority p_cpus export import type prototype data retrysubjob retrywork retryworkdelay preflights postflights "
            + "agenda_preflights agenda_postflights xml"
        },
        { "qbblock", "work subjob running pending workrunning workpending subjobrunning subjobpending" + Std },
        { "qbunblock", "work subjob running pending blocked workrunning workpending workblocked subjobrunning subjobpending subjobblocked" + Std },
        { "qbkill", "work subjob running pending blocked badlogin workrunning workpending workblocked subjobrunning subjobpending subjobblocked subjobbadlogin" + Std },
        { "qbinterrupt", "running pending subjobrunning subjobpending active" + Std },
        { "qbpreempt", "work subjob running workrunning subjobrunning" + Std },
        { "qbmigrate", "work subjob running pending" + Std },
        { "qbretire", "work subjob running" + Std },
        { "qbretry", Retry + Std },
        { "qbrequeue", Retry + " pending" + Std },
        { "qbsuspend", "running subjobrunning" + Std },
        { "qbresume", "suspended" + Std },
        { "qbshove", "pending running" + Std },
        { "qbtop", "running pending blocked" + Std },
        { "qbbottom", "running pending blocked active" + Std },
        { "qbremove", "failed killed complete done pending running active" + Std },
        {
            "qbmodify",
            "running pending blocked suspended active mname mpriority mrequirements mrestrictions mreservations mcluster mcpus mmax_cpus mgroups mhosts mhostorder mtimeout "
            + "magenda_timeout mretrysubjob mretrywork mretrywork_delay mmailaddress mnotes mpgrp mprod_show mprod_shot mprod_seq mprod_client mprod_dept mprod_custom1 "
            + "mprod_custom2 mprod_custom3 mprod_custom4 mprod_custom5 qinterrupt qpreempt qblock" + Std
        },
        {
            "qbjobs",
            "waiting pending suspended blocked running failed killed complete done active flags user cluster name label type prototype kind priority pgrp pid expression "
            + "status times reverse sortby long data password delimit xml"
        },
        { "qbhosts", "down panic active flags cluster group resources long delimit xml" },
        { "qbout", "pos sleep follow" },
        { "qberr", "pos sleep follow" },
        { "qbhist", "xml" },
        { "qbsummary", "clusters long width pvs cvs uvs gvs cpvs rvs avs tvs pvw cvw uvw gvw cpvw rvw avw tvw" },
        { "qbping", "time sleep timeout supervisor" },
        { "qbarchive", "long delimit xml" },
        { "qblock", "all down panic active cluster group resources purge lock unlock range value file" },
        { "qbunlock", "all down panic active cluster group resources purge lock unlock range value file" },
        { "qbstats", "" },
        { "qbjoborder", "xml" },
        { "qbconfigfile", "" },
        { "qbhash", "" },
        { "qblogin", "" },
        { "qbupdateresource", "name total used" },
        {
            "qbusers",
            "add delete set group drop submitjob submitcallback submitglobalcallback kill remove modify preempt block interrupt unblock suspend resume bump migrate retry requeue "
            + "shove fail retire all admin sudo impersonate lock list member"
        },
        {
            "qbadmin",
            "list backup find configuration reread set unset resource globalcallback trigger emailtest remove unremove reboot shutdown refresh clearbanned reconfigure assignments"
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Should_know_every_option_and_tell_it_in_the_help_when_the_specification_has_it(string name, string options)
    {
        var tool = Of(name);
        var help = ToolHelp.Of(tool);

        Assert.All(options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("help").Append("version"), option =>
        {
            var known = tool.Options.Concat(Tool.Everywhere).Single(one => one.Name == option || one.Aliases.Contains(option));
            string[] words = known.TakesValue ? [$"--{option}", "x"] : [$"-{option}"];
            Assert.Equal([known.Name], ToolWords.Read(tool, words).Said);
            Assert.Contains($"--{option}", help, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Should_have_a_row_for_every_tool_when_tools_are_added()
    {
        Assert.Equal(QbTools.Names, Rows.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
        Assert.All(QbTools.Tools, tool =>
        {
            string[] names = [.. tool.Options.SelectMany(option => option.Aliases.Prepend(option.Name))];
            Assert.Equal(names, names.Distinct(StringComparer.Ordinal));
            Assert.All(tool.Options, option => Assert.True(option.Help.EndsWith('.') || option.Help.EndsWith('…'), $"{tool.Name} --{option.Name}: '{option.Help}'"));
        });
    }

    [Theory]
    [InlineData("qbsub", "-cl /a ls -l", "cluster", "ls -l")]
    [InlineData("qbsub", "-restr /a --host h ls", "hosts restrictions", "ls")]
    [InlineData("qbsub", "-priority 5 -cpus 10 -max_cpus 50 -range 1-100 sleep 60", "cpus max_cpus priority range", "sleep 60")]
    [InlineData("qbsub", "--name=a=b -waiton -- --odd command", "name waiton", "--odd command")]
    [InlineData("qbjobs", "-u all -l 12 -expr x 13", "expression long user", "12 13")]
    [InlineData("qbjobs", "--supervisor h --TYPE cmdline", "supervisor type", "")]
    [InlineData("qbadmin", "s --config", "configuration", "s")]
    [InlineData("qbkill", "-subjob -work 12", "subjob work", "12")]
    [InlineData("qbretry", "--super h 12", "supervisor", "12")]
    [InlineData("qbout", "--pos -100 12", "pos", "12")]
    public void Should_read_dashes_and_beginnings_when_they_mean_one_option(string tool, string line, string said, string words)
    {
        var read = ToolWords.Read(Of(tool), line.Split(' '));

        Assert.Equal((said, words), (string.Join(' ', read.Said.Order(StringComparer.Ordinal)), string.Join(' ', read.Words)));
    }

    [Theory]
    [InlineData("qbsub", "--re ls", "--re could be --requirements or --restrictions or ")]
    [InlineData("qbjobs", "--nonsense", "there is no option --nonsense")]
    [InlineData("qbjobs", "--user", "--user needs a value")]
    [InlineData("qbjobs", "--long=yes", "--long takes no value")]
    public void Should_say_what_is_wrong_when_an_option_cannot_be_meant(string tool, string line, string message)
    {
        var failure = Assert.Throws<CliFailure>(() => ToolWords.Read(Of(tool), line.Split(' ')));

        Assert.Equal(CliExit.Usage, failure.ExitCode);
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    private static Tool Of(string name) => QbTools.Tools.Single(tool => tool.Name == name);
}
