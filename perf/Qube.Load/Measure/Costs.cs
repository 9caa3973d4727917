using System.Globalization;

namespace Qube.Load.Measure;

/// <summary>What a stretch of work costs a farm: commits, journal, CPU, garbage.</summary>
internal sealed class Costs
{
    private readonly string _journal;
    private readonly JournalSize _size;
    private readonly long _commits = Commits.Count;
    private readonly long _allocated = GC.GetTotalAllocatedBytes();
    private readonly double _cpu = CpuTime.Seconds();

    private Costs(string journal) => (_journal, _size) = (journal, JournalSize.Read(journal));

    public static Costs Begin(string journal) => new(journal);

    /// <summary>As figures, per frame.</summary>
    public IReadOnlyList<Figure> PerFrame(string what, long frames)
    {
        var cpu = CpuTime.Seconds() - _cpu;
        var allocated = GC.GetTotalAllocatedBytes() - _allocated;
        var commits = Commits.Count - _commits;
        var size = JournalSize.Read(_journal) - _size;
        return
        [
            new Figure { Name = $"{what}: commits per frame", Value = commits / (double)frames, Unit = "", Spread = $"{commits} commits of {frames} frames" },
            new Figure
            {
                Name = $"{what}: journal bytes per frame",
                Value = size.Bytes / (double)frames,
                Unit = "bytes",
                Spread = string.Create(CultureInfo.InvariantCulture, $"rows of jobs {size.JobRows}, frames {size.FrameRows}, callbacks {size.CallbackRows}"),
            },
            new Figure { Name = $"{what}: CPU s per 1,000 frames, node and launcher", Value = cpu * 1000 / frames, Unit = "s", Spread = string.Create(CultureInfo.InvariantCulture, $"{allocated / 1024.0 / frames:0.#} KiB of garbage a frame") },
        ];
    }
}
