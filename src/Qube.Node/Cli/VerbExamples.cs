namespace Qube.Node.Cli;

/// <summary>What stands below the options in each verb's help.</summary>
internal static class VerbExamples
{
    private const string ExitCodes = """

        Exit codes: 0 done; 1 refused, or nothing to act on; 2 the command line is wrong; 3 no supervisor answered.
        """;

    private const string Ids = """
        IDs:
          12        the job, all its items and instances
          12.0      instance 0 of it
          12:5      item 5 of it; 12:1-10 those items; 12:* all items
        """;

    public static string Of(string verb) => verb switch
    {
        "sub" => """
            The first word that is no option begins the command; everything after it belongs to it. A command of one word
            is shell text as it stands ('sleep 1; date'); the words of a longer one reach the program as they were typed.
            Without --range each instance runs the command once (prototype cmdline); with --range it runs once for each item
            (cmdrange), QB_FRAME_NUMBER, QB_FRAME_START, QB_FRAME_END, QB_FRAME_STEP and QB_FRAME_RANGE standing for the item's.

            Examples:
              qube sub sleep 60
              qube sub --range 1-200 --cpus 10 --waiton Render -s QB_FRAME_NUMBER -e QB_FRAME_NUMBER scene
              qube sub --range 1-100 --chunk 10 --name comp Render -s QB_FRAME_START -e QB_FRAME_END scene
              qube sub --waitfor 220 ls -l
              qube sub --dependency link-complete-job-220 'date > /tmp/done'
              qube sub --json jobs.json

            Exit codes: 0 accepted (with --waiton: and complete); 1 refused (or not complete); 2 the command line is wrong;
            3 no supervisor answered.
            """,
        "jobs" => $"""
            Patterns: * or % stand for any letters, ~REGEX is a regular expression. Several, separated by commas: any of them.
            On a terminal without --limit: the newest {JobsCommand.TerminalLimit} jobs. In a pipe: all columns of all jobs.

            Examples:
              qube jobs --status running,pending --user ann
              qube jobs 12 --frames
              qube jobs 12 13 --watch
            {ExitCodes}
            """,
        "hosts" => $"""
            Examples:
              qube hosts
              qube hosts 'render*' --state active
            {ExitCodes}
            """,
        "lock" or "unlock" => $"""
            Examples:
              qube {verb} render1 render2
              qube {verb} --all
            {ExitCodes}
            """,
        "out" or "err" => $"""
            IDs:
              12        all instances of the job, each under a heading
              12.0      instance 0
              12:5      the instance that ran item 5

            Examples:
              qube {verb} 12.0
              qube {verb} 12 --follow
            {ExitCodes}
            """,
        "callbacks" => $"""
            Examples:
              qube callbacks 12
              qube callbacks 12 --callback 3 --state failed,dead
              qube callbacks 12 --firing 12/3/11/40/0/5
            {ExitCodes}
            """,
        "refire" => $"""
            Scripts, mails and web hooks run under a new idempotency key: what they do is done anew.

            Examples:
              qube refire 12/3/11/40/0/5
            {ExitCodes}
            """,
        "explain" => $"""
            Examples:
              qube explain 12
              qube explain 12:5 --all
            {ExitCodes}
            """,
        "check" => """
            Examples:
              qube check jobs.json

            Exit codes: 0 it would be accepted; 1 it would be refused; 2 the command line is wrong; 3 no supervisor answered.
            """,
        "modify" => $"""
            Examples:
              qube modify 12 --priority 1
              qube modify 12 13 --cpus 20 --hosts render1,render2
              qube modify 12 --agendatimelimit -1
            {ExitCodes}
            """,
        "remove" => $"""
            A job that has not ended is killed first: qube kill 12.

            Examples:
              qube remove 12
            {ExitCodes}
            """,
        _ when ControlCommand.IsOnInstances(verb) && !ControlCommand.IsOnItems(verb) => $"""
            IDs:
              12        all instances of the job
              12.0      instance 0 of it

            Examples:
              qube {verb} 12
              qube {verb} 12.0 13
            {ExitCodes}
            """,
        "hist" => Ids + "\n" + ExitCodes,
        "trigger" => $"""
            Examples:
              qube trigger approved-job-12
              qube trigger checked-work-12-5
              qube trigger lights_out-global
            {ExitCodes}
            """,
        "ping" => ExitCodes.TrimStart('\n', '\r'),
        _ => $"""
            {Ids}
            A job is meant whole: both its items and its instances, unless --work or --subjob says which.

            Examples:
              qube {verb} 12
              qube {verb} 12.0 13:25-29
              qube {verb} --work 12
            {ExitCodes}
            """,
    };
}
