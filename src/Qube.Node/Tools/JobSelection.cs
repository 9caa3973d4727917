using System.Text.Json;
using Qube.Node.Api;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>Which jobs, instances and items a command line means: ids, or 0 for all of one's own, narrowed by filters and states (spec/cli.md).</summary>
internal static class JobSelection
{
    private const string AllOfMine = "0";

    /// <summary>The ids that are acted on.</summary>
    /// <param name="run">The command line.</param>
    /// <param name="usual">States of jobs where <c>0</c> is said and no state.</param>
    public static async Task<string[]> Ids(ToolRun run, IReadOnlyList<string> usual)
    {
        var words = run.Said.Words;
        if (words.Count == 0)
        {
            throw CliFailure.Usage("name jobs, or 0 for all of yours that the options choose");
        }

        var isAll = words.Contains(AllOfMine);
        var targets = ClientSession.Targets(words.Where(word => word != AllOfMine));
        var choice = new Choice(JobStates.Said(run.Said, ""), JobStates.Said(run.Said, JobStates.Work), JobStates.Said(run.Said, JobStates.Subjob));
        if (!isAll && !choice.IsAny && !StandardFilters.AreSaid(run.Said))
        {
            return [.. words];
        }

        var answer = await run.Post(JobQueries.Path, body =>
        {
            if (!isAll)
            {
                JobQueries.WriteIds(body, targets.Select(target => target.Job).Distinct());
            }

            if (choice.NeedsMembers)
            {
                body.WriteBoolean("agenda", true);
                body.WriteBoolean("subjobs", true);
            }

            // Members are chosen below; whether the job itself is in a state does not matter for them.
            StandardFilters.Write(
                body, run.Said, isAll ? run.User : null, choice.NeedsMembers ? [] : choice.Jobs.Count > 0 ? choice.Jobs : isAll ? usual : []);
        });
        return [.. answer.List("jobs").SelectMany(job => Chosen(job, choice, isAll ? [] : targets))];
    }

    private static IEnumerable<string> Chosen(JsonElement job, Choice choice, TargetId[] targets)
    {
        var id = job.Text("id");
        if (choice.Jobs.Contains(job.Text("status")) || !choice.IsAny)
        {
            TargetId[] own = [.. targets.Where(target => target.Job == job.Long("id"))];
            return own.Length == 0 ? [id] : own.Select(Text);
        }

        if (!choice.NeedsMembers)
        {
            return [];
        }

        return job.List("subjobs").Where(one => choice.Instances.Contains(one.Text("status"))).Select(one => $"{id}.{one.Text("id")}")
            .Concat(job.List("agenda").Where(one => choice.Items.Contains(one.Text("status"))).Select(one => $"{id}:{one.Text("name")}"));
    }

    private static string Text(TargetId target) => target.Instance is { } instance ? $"{target.Job}.{instance}"
        : target.Item is { } item ? $"{target.Job}:{(item.Length == 0 ? "*" : item)}"
        : $"{target.Job}";

    private sealed record Choice(IReadOnlyList<string> Jobs, IReadOnlyList<string> Items, IReadOnlyList<string> Instances)
    {
        public bool NeedsMembers => Items.Count > 0 || Instances.Count > 0;

        public bool IsAny => NeedsMembers || Jobs.Count > 0;
    }
}
