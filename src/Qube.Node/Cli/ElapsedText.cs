using System.Globalization;

namespace Qube.Node.Cli;

/// <summary>Lengths of time and moments as tables show them.</summary>
public static class ElapsedText
{
    /// <summary>What the API says for a moment that has not come: Qube!'s second 0 (spec/callbacks.md §9).</summary>
    public const long NeverSeconds = 946_702_800;

    /// <summary><c>7s</c>, <c>3m05s</c>, <c>2h03m</c>, <c>4d02h</c>. Below zero, as with clocks that differ, is none.</summary>
    public static string OfSeconds(long seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, seconds)}s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60:00}s"),
        < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h{seconds / 60 % 60:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400}d{seconds / 3600 % 24:00}h"),
    };

    /// <summary>As <see cref="OfSeconds"/>, with tenths below ten seconds and milliseconds below one.</summary>
    public static string OfMilliseconds(long ms) => ms switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, ms)}ms"),
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000}.{ms % 1000 / 100}s"),
        _ => OfSeconds(ms / 1000),
    };

    /// <summary>How long a job ran or has run so far; empty when it has not started.</summary>
    /// <param name="started">Unix seconds.</param>
    /// <param name="ended">Unix seconds; of the last end, which a retry may have left behind.</param>
    /// <param name="isDone">Whether that end counts.</param>
    /// <param name="now">Unix seconds.</param>
    public static string Between(long started, long ended, bool isDone, long now) =>
        started <= NeverSeconds ? ""
        : isDone && ended > NeverSeconds ? OfSeconds(ended - started)
        : isDone ? ""
        : OfSeconds(now - started);

    /// <summary>A moment whole: <c>2026-05-01 23:51:13</c>; empty when it has not come.</summary>
    public static string Moment(long unixSeconds, TimeZoneInfo zone) => Local(unixSeconds, zone) is { } local
        ? local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : "";

    /// <summary>A moment short: today's <c>23:51:13</c>, this year's <c>May 01 23:51</c>, else <c>2025-05-01</c>.</summary>
    public static string ShortMoment(long unixSeconds, long nowSeconds, TimeZoneInfo zone)
    {
        if (Local(unixSeconds, zone) is not { } local)
        {
            return "";
        }

        var now = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(nowSeconds), zone);
        var format = local.Date == now.Date ? "HH:mm:ss" : local.Year == now.Year ? "MMM dd HH:mm" : "yyyy-MM-dd";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }

    private static DateTimeOffset? Local(long unixSeconds, TimeZoneInfo zone) =>
        unixSeconds <= NeverSeconds || unixSeconds > 253_402_300_799 ? null : TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(unixSeconds), zone);
}
