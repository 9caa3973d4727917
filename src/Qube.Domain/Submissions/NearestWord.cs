namespace Qube.Domain.Submissions;

/// <summary>What somebody meant who wrote a word that is none.</summary>
internal static class NearestWord
{
    /// <summary>The words nearest to what was written; none when nothing is near.</summary>
    public static IReadOnlyList<string> Find(string written, IEnumerable<string> known, int most = 3)
    {
        var word = written.Trim().ToLowerInvariant();
        var allowed = Math.Max(1, word.Length / 3);
        var near = known.Select(candidate => (Word: candidate, Distance: Distance(word, candidate)))
            .Where(candidate => candidate.Distance <= allowed)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
            .ToList();
        return [.. near.TakeWhile(candidate => candidate.Distance == near[0].Distance).Take(most).Select(candidate => candidate.Word)];
    }

    /// <summary>A sentence that offers the near ones, else all.</summary>
    public static string Offer(string written, IReadOnlyCollection<string> known)
    {
        var near = Find(written, known);
        return near.Count > 0 ? $"did you mean {string.Join(" or ", near)}?" : $"known are {string.Join(", ", known)}";
    }

    private static int Distance(string a, string b)
    {
        // Nothing that long is a slip of the hand, and a hostile one would cost its square.
        if (Math.Abs(a.Length - b.Length) > 20 || a.Length > 200)
        {
            return int.MaxValue;
        }

        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(change, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
