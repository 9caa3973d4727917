namespace Qube.Node.Cli;

/// <summary>Waits until jobs are done, showing how far they are on stderr: stdout is for ids.</summary>
internal static class JobWait
{
    /// <returns>Whether all of them are complete; one that was removed meanwhile is not.</returns>
    public static async Task<bool> UntilDone(ClientSession session, SupervisorClient supervisor, long[] ids, CancellationToken cancel, string program = "qube sub")
    {
        var environment = session.Environment;
        var view = new JobProgressView(environment.Error, environment.ErrorIsTerminal, environment.Width, environment.Height, environment.Colours);
        List<JobRow> jobs = [];
        await view.RunAsync(async show =>
        {
            while (true)
            {
                jobs = [.. (await JobQueries.ByIds(supervisor, ids, cancel, patiently: true)).List("jobs").Select(JobRow.Of)];
                show([.. jobs.Select(job => job.Progress)]);
                if (jobs.All(job => job.IsDone))
                {
                    return;
                }

                await Task.Delay(environment.PollInterval, environment.Time, cancel);
            }
        });
        foreach (var id in ids.Except(jobs.Select(job => job.Id)))
        {
            session.Say($"{program}: job {id} was removed");
        }

        return jobs.Count == ids.Length && jobs.All(job => job.Status == "complete");
    }
}
