using System.Globalization;

namespace Qube.Triggers;

/// <summary>Reads the text of one event (callbacks.md §3, rules 2 to 5).</summary>
internal static class EventReader
{
    private const string Contexts = "self, parent, a job id or a label";

    public static (EventPattern? Pattern, TriggerError? Error) Read(string text, int offset, IReadOnlyCollection<string> labels)
    {
        var nameEnd = text.IndexOf('-', StringComparison.Ordinal);
        var first = nameEnd < 0 ? text : text[..nameEnd];
        if (SubjectTypes.TryParse(first, out var jobless) && jobless is SubjectType.GlobalTime or SubjectType.GlobalRepeat)
        {
            return ReadFarmClock(jobless, nameEnd < 0 ? "" : text[(nameEnd + 1)..], offset + Math.Min(text.Length, first.Length + 1));
        }

        if (nameEnd < 0)
        {
            return first.Equals("global", StringComparison.OrdinalIgnoreCase)
                ? (new EventPattern("", SubjectType.Global, TriggerContext.None, ""), null)
                : Fail(offset, text, "an event such as complete-job-self");
        }

        if (TriggerLexer.SkipIdentifier(text, 0) != nameEnd)
        {
            return Fail(offset, first.Length == 0 ? text : first, "an event name (a letter, then letters, digits and _)");
        }

        var typeEnd = text.IndexOf('-', nameEnd + 1);
        var typeWord = typeEnd < 0 ? text[(nameEnd + 1)..] : text[(nameEnd + 1)..typeEnd];
        var rest = typeEnd < 0 ? "" : text[(typeEnd + 1)..];
        var restAt = offset + (typeEnd < 0 ? text.Length : typeEnd + 1);
        if (!SubjectTypes.TryParse(typeWord, out var type))
        {
            return first.Equals("global", StringComparison.OrdinalIgnoreCase)
                ? ReadGlobal("", text[(nameEnd + 1)..], offset + nameEnd + 1, labels)
                : Fail(offset + nameEnd + 1, Shown(typeWord), "one of " + SubjectTypes.Words, TypeHint(typeWord));
        }

        var name = first.ToLowerInvariant();
        return type switch
        {
            SubjectType.Global when typeEnd < 0 => (new EventPattern(name, type, TriggerContext.None, ""), null),
            SubjectType.Global => ReadGlobal(name, rest, restAt, labels),
            SubjectType.Job => ReadJob(name, rest, restAt, labels),
            _ => ReadWithExtra(name, type, rest, restAt, labels),
        };
    }

    private static (EventPattern?, TriggerError?) ReadJob(string name, string rest, int at, IReadOnlyCollection<string> labels)
    {
        var (context, error) = ReadContext(rest, at, labels, Contexts);
        return error is null ? (new EventPattern(name, SubjectType.Job, context, ""), null) : (null, error);
    }

    private static (EventPattern?, TriggerError?) ReadGlobal(string name, string rest, int at, IReadOnlyCollection<string> labels)
    {
        var (context, error) = ReadContext(rest, at, labels, Contexts);
        return error is null ? (new EventPattern(name, SubjectType.Global, context, ""), null) : (null, error);
    }

    private static (EventPattern?, TriggerError?) ReadFarmClock(SubjectType type, string rest, int at)
    {
        if (TryClock(type, rest, out var extra))
        {
            return (new EventPattern("", type, TriggerContext.None, extra), null);
        }

        // The four-field spelling, dummy-globaltime-self-10000: a clock of the farm has no job, so its context says nothing.
        var (found, clock) = LastClock(type, rest);
        return found ? (new EventPattern("", type, TriggerContext.None, clock), null) : Fail(at, Shown(rest), ExpectedExtra(type));
    }

    private static (EventPattern?, TriggerError?) ReadWithExtra(
        string name, SubjectType type, string rest, int at, IReadOnlyCollection<string> labels)
    {
        if (type.IsJobless())
        {
            return ReadFarmClock(type, rest, at);
        }

        var dash = ContextEnd(rest, labels);
        if (type.IsClock() && (dash <= 0 || !TryClock(type, rest.AsSpan(dash + 1), out _)))
        {
            // An unknown label with dashes: its end shows itself by the number behind it.
            var clockAt = ClockAt(type, rest);
            dash = clockAt > 1 ? clockAt - 1 : dash;
        }

        if (dash < 0)
        {
            return rest.Length == 0
                ? Fail(at, TriggerError.End, Contexts)
                : Fail(at + rest.Length, TriggerError.End, "'-' and " + ExpectedExtra(type));
        }

        if (dash == 0)
        {
            return Fail(at, rest, Contexts);
        }

        var (context, error) = ReadContext(rest[..dash], at, labels, Contexts);
        if (error is not null)
        {
            return (null, error);
        }

        var extra = rest[(dash + 1)..];
        var read = ReadExtra(type, extra);
        return read is null
            ? Fail(at + dash + 1, Shown(extra), ExpectedExtra(type))
            : (new EventPattern(name, type, context, read), null);
    }

    private static string? ReadExtra(SubjectType type, string extra)
    {
        if (type.IsClock())
        {
            return TryClock(type, extra, out var clock) ? clock : null;
        }

        if (extra is "*" or "\\*")
        {
            return EventPattern.AnyItem;
        }

        if (type != SubjectType.Subjob)
        {
            return extra.Length == 0 || char.IsWhiteSpace(extra[0]) ? null : extra;
        }

        return int.TryParse(extra, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>Where the context ends in "context-extra": self, parent, digits, `*`, the longest known label, else the first dash.</summary>
    private static int ContextEnd(string rest, IReadOnlyCollection<string> labels)
    {
        var dash = rest.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || IsKeyword(rest.AsSpan(0, dash)))
        {
            return dash;
        }

        return LabelMatch.FindPrefix(labels, rest)?.Length ?? dash;
    }

    private static bool IsKeyword(ReadOnlySpan<char> word) =>
        word.Equals("self", StringComparison.OrdinalIgnoreCase) || word.Equals("parent", StringComparison.OrdinalIgnoreCase)
        || word is "*" or "\\*" || !word.ContainsAnyExceptInRange('0', '9');

    private static (TriggerContext Context, TriggerError? Error) ReadContext(
        string text, int at, IReadOnlyCollection<string> labels, string expected)
    {
        if (text.Length == 0)
        {
            return (default, TriggerError.At(at, TriggerError.End, expected));
        }

        if (text.Equals("self", StringComparison.OrdinalIgnoreCase))
        {
            return (TriggerContext.Self, null);
        }

        if (text.Equals("parent", StringComparison.OrdinalIgnoreCase))
        {
            return (TriggerContext.Parent, null);
        }

        if (text is "*" or "\\*")
        {
            return (TriggerContext.Any, null);
        }

        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
                ? (TriggerContext.ForJob(id), null)
                : (default, TriggerError.At(at, text, "a job id from 1 to 9223372036854775807"));
        }

        var known = LabelMatch.Find(labels, text);
        if (known is not null)
        {
            return (TriggerContext.ForLabel(known), null);
        }

        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma >= 0)
        {
            return (default, TriggerError.At(at + comma, text[comma..], "&& or || between events", "a label holds no comma"));
        }

        return char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])
            ? (default, TriggerError.At(at, text, expected, "without blanks around it"))
            : (TriggerContext.ForLabel(text), null);
    }

    private static bool TryClock(SubjectType type, ReadOnlySpan<char> text, out string extra)
    {
        var read = QubeTime.TryParseClock(text, type is SubjectType.Repeat or SubjectType.GlobalRepeat, out var time, out var interval);
        extra = read ? QubeTime.ClockText(time, interval) : "";
        return read;
    }

    private static (bool Found, string Extra) LastClock(SubjectType type, string rest)
    {
        var at = ClockAt(type, rest);
        return at > 1 && TryClock(type, rest.AsSpan(at), out var extra) ? (true, extra) : (false, "");
    }

    /// <summary>The first place behind a dash from which the whole rest is a clock; -1 when there is none.</summary>
    private static int ClockAt(SubjectType type, string rest)
    {
        for (var dash = rest.IndexOf('-', StringComparison.Ordinal); dash >= 0; dash = rest.IndexOf('-', dash + 1))
        {
            // No clock is longer: keeps a hostile text of dashes linear.
            if (rest.Length - dash <= 64 && TryClock(type, rest.AsSpan(dash + 1), out _))
            {
                return dash + 1;
            }
        }

        return -1;
    }

    private static string ExpectedExtra(SubjectType type) => type switch
    {
        SubjectType.Subjob => "an instance number or *",
        SubjectType.Work => "an item name or *",
        SubjectType.Host => "a host name or *",
        SubjectType.Time or SubjectType.GlobalTime => "a Qube time in seconds",
        _ => "a Qube time, '-' and an interval in seconds above 0",
    };

    private static string? TypeHint(string word) =>
        TriggerWarnings.Nearest(word.ToLowerInvariant(), Enum.GetValues<SubjectType>().Select(SubjectTypes.Word)) is { } meant
            ? $"did you mean {meant}?"
            : null;

    private static string Shown(string text) => text.Length == 0 ? TriggerError.End : text;

    private static (EventPattern?, TriggerError?) Fail(int at, string found, string expected, string? hint = null) =>
        (null, TriggerError.At(at, found, expected, hint));
}
