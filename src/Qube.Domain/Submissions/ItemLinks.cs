using Qube.Domain.Ranges;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>
/// Which items of a job have an item of the same name in every job they are linked to, and what the others wait for: all items that share
/// a frame with them, else the whole job (spec/callbacks.md Q16).
/// </summary>
internal sealed class ItemLinks
{
    /// <summary>An item that shares frames with more items than this waits for their whole job: its trigger would be longer than the job.</summary>
    public const int MaxOverlap = 1000;

    private readonly Agenda _owner;
    private readonly ResolvedLink[] _links;
    private readonly FrameOverlap?[] _overlaps;

    public ItemLinks(Agenda owner, ResolvedLink[] links)
    {
        _owner = owner;
        _links = links;
        _overlaps = new FrameOverlap?[links.Length];
        for (var seq = 0; seq < owner.Count; seq++)
        {
            var name = owner.NameOf(seq);
            if (!Array.TrueForAll(links, link => IsMatched(link, name)))
            {
                Unmatched.Add(seq);
            }
        }

        AreAllWhole = Unmatched.Count == owner.Count
            && Unmatched.TrueForAll(seq => Enumerable.Range(0, links.Length).All(at => Overlapping(at, seq) is null && !IsMatched(at, seq)));
    }

    /// <summary>Positions of items that some linked job has no item of the same name for.</summary>
    public List<int> Unmatched { get; } = [];

    public bool HasMatched => Unmatched.Count < _owner.Count;

    /// <summary>No item corresponds to anything: the job as a whole waits for the linked jobs as a whole.</summary>
    public bool AreAllWhole { get; }

    /// <summary>How many items were given the whole job because they share frames with too many items.</summary>
    public int Shortened { get; private set; }

    /// <summary>What one unmatched item waits for.</summary>
    public IEnumerable<EventPattern> ConditionsOf(int seq)
    {
        var name = _owner.NameOf(seq);
        for (var at = 0; at < _links.Length; at++)
        {
            if (IsMatched(_links[at], name))
            {
                yield return _links[at].PatternOf(name);
                continue;
            }

            var overlapping = Overlapping(at, seq);
            if (overlapping is null || overlapping.Count > MaxOverlap)
            {
                Shortened += overlapping is null ? 0 : 1;
                yield return _links[at].OfJob().Pattern;
                continue;
            }

            foreach (var other in overlapping)
            {
                yield return _links[at].PatternOf(_links[at].Job!.Agenda!.NameOf(other));
            }
        }
    }

    /// <summary>Just the same name: that is what joins wildcards. A label that nobody has yet is taken to have all of them.</summary>
    private static bool IsMatched(ResolvedLink link, string name) =>
        link.Job is null || (link.Job.Agenda is { } agenda && agenda.TryGetSeq(name, out var seq) && agenda.NameOf(seq) == name);

    private bool IsMatched(int at, int seq) => IsMatched(_links[at], _owner.NameOf(seq));

    private List<int>? Overlapping(int at, int seq)
    {
        if (_links[at].Job?.Agenda is not { } agenda)
        {
            return null;
        }

        var found = (_overlaps[at] ??= new(agenda)).Find(_owner.NameOf(seq));
        return found.Count == 0 ? null : found;
    }
}
