using System.Globalization;
using System.Text.RegularExpressions;

namespace Qube.Actors.Hosts;

/// <summary>
/// A host's lock string (spec/scheduling.md §10): <c>host.processor_all=1</c>, <c>host.processor_0=0</c>, <c>host.lock_mode=aggressive</c>,
/// separated by commas, semicolons or line ends. A slot's own entry outweighs <c>all</c>; of two entries for one slot the later counts.
/// </summary>
/// <remarks><c>watchdog N</c> locks while somebody sits at a Windows machine; no worker of ours runs on Windows, so such a slot is open.</remarks>
public sealed partial class HostLockString
{
    private readonly SlotLock _all;
    private readonly Dictionary<int, SlotLock> _slots;

    private HostLockString(string text, SlotLock all, Dictionary<int, SlotLock> slots, bool aggressive)
    {
        Text = text;
        _all = all;
        _slots = slots;
        IsAggressive = aggressive;
    }

    public static HostLockString Open { get; } = new("", SlotLock.Open, [], false);

    public string Text { get; }

    /// <summary>What runs on a newly locked slot is to go; otherwise it finishes.</summary>
    public bool IsAggressive { get; }

    /// <summary>True when the answer changes with the time: a calendar is among the locks.</summary>
    public bool IsTimed => _all.IsTimed || _slots.Values.Any(slot => slot.IsTimed);

    /// <returns>Null, and what is wrong in <paramref name="error"/>, when the text cannot be read.</returns>
    public static HostLockString? Parse(string text, out string error)
    {
        var all = SlotLock.Open;
        var slots = new Dictionary<int, SlotLock>();
        var aggressive = false;
        error = "";
        foreach (var entry in Entries().Matches(text).Select(match => match.Value.Trim()).Where(part => part.Length > 0))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? entry : entry[..equals].TrimEnd();
            var value = equals < 0 ? "" : entry[(equals + 1)..].TrimStart();
            if (key == "host.lock_mode")
            {
                aggressive = value == "aggressive";
                error = aggressive || value is "passive" or "" ? "" : $"lock string: host.lock_mode is 'aggressive' or 'passive', not '{value}'";
            }
            else if (!key.StartsWith("host.processor_", StringComparison.Ordinal))
            {
                error = $"lock string: '{entry}' is no lock; write host.processor_all=1, host.processor_<slot>=0 or host.lock_mode=aggressive";
            }
            else if (SlotLockOf(value) is not { } slot)
            {
                error = $"lock string: {key} is 1, 0, 'watchdog <minutes>' or 'weekcalendar {{ … }}' of 24 rows with 7 days, not '{value}'";
            }
            else if (key == "host.processor_all")
            {
                all = slot;
            }
            else if (int.TryParse(key["host.processor_".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                slots[number] = slot;
            }
            else
            {
                error = $"lock string: '{key}' names no slot; slots are numbered from 0";
            }

            if (error.Length > 0)
            {
                return null;
            }
        }

        return new HostLockString(text, all, slots, aggressive);
    }

    /// <summary>How many of a host's slots are locked. Entries for slots that it does not have count for nothing.</summary>
    public int LockedSlots(int slots, DateTimeOffset at)
    {
        var named = _slots.Where(slot => slot.Key < slots).ToArray();
        var others = _all.IsLocked(at) ? slots - named.Length : 0;
        return others + named.Count(slot => slot.Value.IsLocked(at));
    }

    private static SlotLock? SlotLockOf(string value)
    {
        if (value is "1" or "0")
        {
            return value == "1" ? SlotLock.Closed : SlotLock.Open;
        }

        if (Watchdog().IsMatch(value))
        {
            return SlotLock.Open;
        }

        if (Calendar().Match(value) is not { Success: true } calendar)
        {
            return null;
        }

        // A heading of day names and the hour before each row are for people; what counts are the seven digits after it.
        var numbers = Number().Matches(Heading().Replace(calendar.Groups["rows"].Value, " ")).Select(number => number.Value).ToArray();
        var width = numbers.Length / 24;
        if (numbers.Length % 24 != 0 || width is not (7 or 8))
        {
            return null;
        }

        var days = numbers.Where((_, index) => width == 7 || index % 8 != 0).ToArray();
        return days.All(day => day is "0" or "1") ? SlotLock.Weekly([.. days.Select(day => day == "1")]) : null;
    }

    /// <summary>Separators inside braces belong to a calendar.</summary>
    [GeneratedRegex(@"([^,;
{]|\{[^}]*\}|\{)+", RegexOptions.ExplicitCapture)]
    private static partial Regex Entries();

    [GeneratedRegex(@"^watchdog\s+[0-9]+$")]
    private static partial Regex Watchdog();

    [GeneratedRegex(@"^weekcalendar\s*\{(?<rows>[^}]*)\}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Calendar();

    [GeneratedRegex(@"'[^']*'|hour")]
    private static partial Regex Heading();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
