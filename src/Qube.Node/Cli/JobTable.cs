using System.Globalization;

namespace Qube.Node.Cli;

/// <summary>The list of jobs.</summary>
internal static class JobTable
{
    private const int BarWidth = 16;

    /// <param name="jobs">The jobs.</param>
    /// <param name="terminal">Bars, short times and only the columns that say something; else counts, whole times and the same columns always.</param>
    /// <param name="now">Unix seconds.</param>
    /// <param name="zone">The reader's.</param>
    public static Listing Of(IReadOnlyList<JobRow> jobs, bool terminal, long now, TimeZoneInfo zone) => terminal
        ? ForTerminal(jobs, now, zone)
        : new(
            [
                new("ID", IsRight: true), new("ITEMS", IsRight: true), new("FAILED", IsRight: true), new("STATUS"), new("NAME"), new("USER"), new("PRIORITY", IsRight: true),
                new("LABEL"), new("PGRP", IsRight: true), new("SUBMITTED"), new("ELAPSED", IsRight: true), new("REASON"),
            ],
            [
                .. jobs.Select(job => (Cell[])
                [
                    Number(job.Id), ProgressBar.Counts(job.Tally), Number(job.Tally.Failed), job.Status, job.Name, job.User, job.Priority, job.Label, Number(job.Pgrp),
                    ElapsedText.Moment(job.Submitted, zone), ElapsedText.Between(job.Started, job.Ended, job.IsDone, now), job.Reason,
                ]),
            ]);

    private static Listing ForTerminal(IReadOnlyList<JobRow> jobs, long now, TimeZoneInfo zone)
    {
        (Column Column, Func<JobRow, Cell> Cell)[] columns =
        [
            (new("ID", IsRight: true), job => Number(job.Id)),
            (new("PROGRESS"), job => ProgressBar.Render(BarWidth, job.Tally)),
            (new("STATUS"), job => Cell.OfStatus(job.Status, terminal: true)),
            (new("NAME", LeastWidth: 8), job => job.Name),
            (new("USER", LeastWidth: 4, Rank: 1), job => job.User),
            (new("PRI", IsRight: true, Rank: 4), job => job.Priority),
            (new("LABEL", LeastWidth: 5, Rank: 6), job => new Cell(job.Pgrp == job.Id || job.Pgrp == 0 ? job.Label : $"{Number(job.Pgrp)}/{job.Label}", Tone.Dim)),
            (new("SUBMITTED", Rank: 5), job => ElapsedText.ShortMoment(job.Submitted, now, zone)),
            (new("ELAPSED", IsRight: true, Rank: 2), job => ElapsedText.Between(job.Started, job.Ended, job.IsDone, now)),
        ];
        if (jobs.Any(job => job.Reason.Length > 0))
        {
            columns = [.. columns, (new("REASON", LeastWidth: 12, Rank: 3), job => new Cell(job.Reason, Tone.Dim))];
        }

        return new([.. columns.Select(column => column.Column)], [.. jobs.Select(job => (Cell[])[.. columns.Select(column => column.Cell(job))])]);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
