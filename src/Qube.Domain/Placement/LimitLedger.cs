using System.Collections.Immutable;

namespace Qube.Domain.Placement;

/// <summary>How many instances run under each limit (scheduling.md §8.6). Several limits apply at once, so the smallest rest wins.</summary>
internal sealed class LimitLedger
{
    private readonly Dictionary<string, int> _most = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);

    public void Set(string key, int? most)
    {
        if (most is { } bound)
        {
            _most[key] = bound;
        }
        else
        {
            _most.Remove(key);
        }
    }

    public void Count(ImmutableArray<string> keys, int instances)
    {
        foreach (string key in keys)
        {
            int running = Math.Max(0, _running.GetValueOrDefault(key) + instances);
            if (running == 0)
            {
                _running.Remove(key);
            }
            else
            {
                _running[key] = running;
            }
        }
    }

    /// <summary>How many more may start.</summary>
    public int RestFor(ImmutableArray<string> keys)
    {
        int rest = int.MaxValue;
        foreach (string key in keys)
        {
            if (_most.TryGetValue(key, out int most))
            {
                rest = Math.Min(rest, Math.Max(0, most - _running.GetValueOrDefault(key)));
            }
        }

        return rest;
    }

    public string? WhyReached(ImmutableArray<string> keys)
    {
        string? key = keys.FirstOrDefault(key => _most.TryGetValue(key, out int most) && most <= _running.GetValueOrDefault(key));
        return key is null ? null : $"limit {key} reached: {_running.GetValueOrDefault(key)} of {_most[key]} instances";
    }
}
