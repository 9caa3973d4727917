using System.Globalization;

namespace Qube.Triggers;

/// <summary>Qube time: integer seconds since 2000-01-01T05:00:00Z (callbacks.md §9, Q30).</summary>
public static class QubeTime
{
    /// <summary>`QB_TIME_EPOCH_OFFSET`: unix seconds = Qube time + this.</summary>
    public const long EpochOffsetSeconds = 946_702_800;

    /// <summary>The last second of the year 9999; later times are typing errors, and would overflow a date.</summary>
    private const long MaxUnixSeconds = 253_402_300_799;

    public static long ToUnixSeconds(long qubeTime) => qubeTime + EpochOffsetSeconds;

    public static long FromUnixSeconds(long unixSeconds) => unixSeconds - EpochOffsetSeconds;

    /// <summary>Reads "T" or, when periodic, "T-I" with I above 0.</summary>
    internal static bool TryParseClock(ReadOnlySpan<char> text, bool periodic, out long qubeTime, out long? intervalSeconds)
    {
        intervalSeconds = null;
        qubeTime = 0;
        if (periodic)
        {
            var dash = text.LastIndexOf('-');
            if (dash < 1 || !TryInteger(text[(dash + 1)..], NumberStyles.None, out var interval) || interval == 0)
            {
                return false;
            }

            intervalSeconds = interval;
            text = text[..dash];
        }

        return TryInteger(text, NumberStyles.AllowLeadingSign, out qubeTime) && !text.StartsWith('+');
    }

    internal static string ClockText(long qubeTime, long? intervalSeconds) => intervalSeconds is { } interval
        ? string.Create(CultureInfo.InvariantCulture, $"{qubeTime}-{interval}")
        : qubeTime.ToString(CultureInfo.InvariantCulture);

    private static bool TryInteger(ReadOnlySpan<char> text, NumberStyles style, out long value) =>
        long.TryParse(text, style, CultureInfo.InvariantCulture, out value) && value is >= -MaxUnixSeconds and <= MaxUnixSeconds - EpochOffsetSeconds;
}
