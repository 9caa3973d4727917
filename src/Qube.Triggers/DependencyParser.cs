using System.Collections.Immutable;
using System.Globalization;

namespace Qube.Triggers;

/// <summary>
/// Reads the `dependency` job attribute (callbacks.md §16.1): links joined by commas or AND, or by OR; no parentheses, hence no mixture.
/// `info-…{…}` items are drawing hints and skipped, broken quotes and braces included (Q33). Never throws on any text.
/// </summary>
public static class DependencyParser
{
    private const string ExpectedItem = "a job id or a link such as link-complete-job-430";
    private const string ExpectedTarget = "a job id or a label";

    public static DependencyParseResult Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var links = ImmutableArray.CreateBuilder<DependencyLink>();
        var joint = TriggerTokenKind.End;
        var at = TriggerLexer.SkipBlanks(text, 0);
        if (at == text.Length)
        {
            return new(new(false, []), null);
        }

        while (true)
        {
            var end = IsInfo(text, at) ? InfoEnd(text, at) : ItemEnd(text, at);
            var item = text[at..end].TrimEnd();
            if (!IsInfo(text, at))
            {
                var (link, error) = ReadLink(item, at, end);
                if (error is not null)
                {
                    return new(null, error);
                }

                links.Add(link);
            }

            end = TriggerLexer.SkipBlanks(text, end);
            if (end == text.Length)
            {
                return new(new(joint == TriggerTokenKind.Or, links.ToImmutable()), null);
            }

            var (kind, length) = SeparatorAt(text, end);
            if (length == 0)
            {
                return new(null, TriggerError.At(end, text[end].ToString(), "a comma, AND or OR", "a dependency has no parentheses"));
            }

            if (joint != TriggerTokenKind.End && joint != kind)
            {
                return new(null, TriggerError.At(
                    end,
                    text.Substring(end, length),
                    joint == TriggerTokenKind.And ? "a comma or AND, as before" : "OR, as before",
                    "a dependency has no parentheses, so AND and OR cannot be mixed; use a callback"));
            }

            joint = kind;
            at = TriggerLexer.SkipBlanks(text, end + length);
        }
    }

    private static (DependencyLink Link, TriggerError? Error) ReadLink(string item, int at, int end)
    {
        if (item.Length == 0)
        {
            return Fail(at, item, ExpectedItem);
        }

        if (TryJobId(item, out var id))
        {
            return (new(DependencyState.Complete, SubjectType.Job, TriggerContext.ForJob(id)), null);
        }

        var from = item.StartsWith("link-", StringComparison.OrdinalIgnoreCase) ? "link-".Length : 0;
        if (from > 0 && TryJobId(item.AsSpan(from), out id))
        {
            return (new(DependencyState.Complete, SubjectType.Job, TriggerContext.ForJob(id)), null);
        }

        var stateEnd = item.IndexOf('-', from);
        var stateText = stateEnd < 0 ? item[from..] : item[from..stateEnd];
        if (stateEnd < 0 && from == 0)
        {
            return Fail(at, item, ExpectedItem);
        }

        if (!TryState(stateText, out var state))
        {
            return Fail(at + from, stateText, "complete, done, failed or killed");
        }

        var typeEnd = stateEnd < 0 ? -1 : item.IndexOf('-', stateEnd + 1);
        var typeText = stateEnd < 0 ? "" : typeEnd < 0 ? item[(stateEnd + 1)..] : item[(stateEnd + 1)..typeEnd];
        if (!SubjectTypes.TryParse(typeText, out var type) || type is not (SubjectType.Job or SubjectType.Work or SubjectType.Subjob))
        {
            return Fail(stateEnd < 0 ? end : at + stateEnd + 1, typeText, "job, work or subjob");
        }

        var target = typeEnd < 0 ? "" : item[(typeEnd + 1)..];
        var targetAt = typeEnd < 0 ? at + item.Length : at + typeEnd + 1;
        return ReadTarget(target) is { } context
            ? (new(state, type, context), null)
            : Fail(targetAt, target, ExpectedTarget, target.Length > 0 ? "a job cannot wait for that" : null);
    }

    private static TriggerContext? ReadTarget(string target)
    {
        if (target.Length == 0 || target is "*" or "\\*" || target.Equals("self", StringComparison.OrdinalIgnoreCase)
            || char.IsWhiteSpace(target[0]))
        {
            return null;
        }

        if (target.Equals("parent", StringComparison.OrdinalIgnoreCase))
        {
            return TriggerContext.Parent;
        }

        if (TryJobId(target, out var id))
        {
            return TriggerContext.ForJob(id);
        }

        return target.AsSpan().ContainsAnyExceptInRange('0', '9') ? TriggerContext.ForLabel(target) : null;
    }

    private static bool TryJobId(ReadOnlySpan<char> text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;

    private static bool TryState(ReadOnlySpan<char> word, out DependencyState state)
    {
        foreach (var candidate in Enum.GetValues<DependencyState>())
        {
            if (word.Equals(candidate.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                state = candidate;
                return true;
            }
        }

        state = default;
        return false;
    }

    private static int ItemEnd(string text, int at)
    {
        while (at < text.Length && text[at] is not ('(' or ')') && SeparatorAt(text, at).Length == 0)
        {
            at++;
        }

        return at;
    }

    private static (TriggerTokenKind Kind, int Length) SeparatorAt(string text, int at)
    {
        switch (text[at])
        {
            case ',':
                return (TriggerTokenKind.And, 1);
            case '&' or '|':
                var next = TriggerLexer.SkipBlanks(text, at + 1);
                var doubled = next < text.Length && text[next] == text[at];
                return (text[at] == '&' ? TriggerTokenKind.And : TriggerTokenKind.Or, doubled ? next + 1 - at : 1);
        }

        var word = TriggerLexer.WordAt(text, at, "", "}");
        return word.Length > 0 && ItemBegins(text, TriggerLexer.SkipBlanks(text, at + word.Length)) ? word : default;
    }

    /// <summary>True where digits alone, `link-`, `info-` or a state and a dash stand: a label may be called `fire and ice`.</summary>
    private static bool ItemBegins(string text, int at)
    {
        var digits = at;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        if (digits > at)
        {
            return digits == text.Length || char.IsWhiteSpace(text[digits]) || text[digits] is ',' or '&' or '|';
        }

        var end = TriggerLexer.SkipIdentifier(text, at);
        if (end == text.Length || text[end] != '-')
        {
            return false;
        }

        var word = text.AsSpan(at, end - at);
        return word.Equals("link", StringComparison.OrdinalIgnoreCase) || word.Equals("info", StringComparison.OrdinalIgnoreCase)
               || TryState(word, out _);
    }

    private static bool IsInfo(string text, int at) => string.Compare(text, at, "info-", 0, 5, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>The end of a drawing hint: its closing brace, else the next separator behind which an item begins, else the end.</summary>
    private static int InfoEnd(string text, int at)
    {
        var open = at;
        while (open < text.Length && text[open] != '{' && SeparatorAt(text, open).Length == 0)
        {
            open++;
        }

        if (open == text.Length || text[open] != '{')
        {
            return open;
        }

        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return i + 1;
            }
        }

        for (var i = open; i < text.Length; i++)
        {
            var length = SeparatorAt(text, i).Length;
            if (length > 0 && ItemBegins(text, TriggerLexer.SkipBlanks(text, i + length)))
            {
                return i;
            }
        }

        return text.Length;
    }

    private static (DependencyLink Link, TriggerError? Error) Fail(int at, string found, string expected, string? hint = null) =>
        (default, TriggerError.At(at, found.Length == 0 ? TriggerError.End : found, expected, hint));
}
