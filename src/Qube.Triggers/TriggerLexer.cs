namespace Qube.Triggers;

/// <summary>
/// Cuts a trigger at operators and parentheses (callbacks.md §3, rule 1): whatever stands between two of them is one event, blanks
/// inside kept. `and` and `or` are operators only where an event or a parenthesis follows, or after a `)`; inside `any(…)` so is the comma, which
/// may be part of an item's name as well. `!` and `not` are operators where an event should begin.
/// </summary>
internal static class TriggerLexer
{
    public static List<TriggerToken> Split(string text)
    {
        var tokens = new List<TriggerToken>();
        var insideAny = new Stack<bool>();
        var from = 0;
        var at = 0;
        var isBlank = true;
        while (at < text.Length)
        {
            var (kind, length) = OperatorAt(text, at, isBlank, tokens, insideAny.TryPeek(out var isAny) && isAny);
            if (length == 0)
            {
                isBlank = isBlank && char.IsWhiteSpace(text[at]);
                at++;
                continue;
            }

            if (kind == TriggerTokenKind.Open && IsAny(text, from, at))
            {
                tokens.Add(new(TriggerTokenKind.OpenAny, SkipBlanks(text, from), at + 1));
                insideAny.Push(true);
            }
            else
            {
                AddEvent(text, from, at, tokens);
                tokens.Add(new(kind, at, at + length));
                Nest(kind, insideAny);
            }

            at += length;
            from = at;
            isBlank = true;
        }

        AddEvent(text, from, text.Length, tokens);
        tokens.Add(new(TriggerTokenKind.End, text.Length, text.Length));
        return tokens;
    }

    internal static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c);

    internal static bool IsIdentifierPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    internal static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    internal static int SkipIdentifier(string text, int at)
    {
        if (at < text.Length && IsIdentifierStart(text[at]))
        {
            do
            {
                at++;
            }
            while (at < text.Length && IsIdentifierPart(text[at]));
        }

        return at;
    }

    /// <summary>The word operator that begins there with blanks around it (or a parenthesis); length 0 when none does.</summary>
    internal static (TriggerTokenKind Kind, int Length) WordAt(string text, int at, string opensAfter, string closesBefore)
    {
        var c = text[at];
        if (c is not ('a' or 'A' or 'o' or 'O') || (at > 0 && !char.IsWhiteSpace(text[at - 1]) && !closesBefore.Contains(text[at - 1])))
        {
            return default;
        }

        var (word, kind) = c is 'a' or 'A' ? ("and", TriggerTokenKind.And) : ("or", TriggerTokenKind.Or);
        if (string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0)
        {
            return default;
        }

        var end = at + word.Length;
        return end < text.Length && (char.IsWhiteSpace(text[end]) || opensAfter.Contains(text[end])) ? (kind, word.Length) : default;
    }

    private static (TriggerTokenKind Kind, int Length) OperatorAt(string text, int at, bool isBlank, List<TriggerToken> tokens, bool insideAny)
    {
        switch (text[at])
        {
            case '(':
                return (TriggerTokenKind.Open, 1);
            case ')':
                return (TriggerTokenKind.Close, 1);
            case '&':
                return (TriggerTokenKind.And, Doubled(text, at));
            case '|':
                return (TriggerTokenKind.Or, Doubled(text, at));
            case '!' when isBlank:
                return (TriggerTokenKind.Not, 1);
            case 'n' or 'N' when isBlank && IsNot(text, at):
                return (TriggerTokenKind.Not, 3);
            case ',' when insideAny && (tokens[^1].Kind == TriggerTokenKind.OpenAny || AfterClose(isBlank, tokens) || EventFollows(text, at + 1, true)):
                return (TriggerTokenKind.Comma, 1);
        }

        var word = WordAt(text, at, "(!", ")");
        return word.Length > 0 && (AfterClose(isBlank, tokens) || EventFollows(text, at + word.Length, insideAny)) ? word : default;
    }

    private static void Nest(TriggerTokenKind kind, Stack<bool> insideAny)
    {
        if (kind == TriggerTokenKind.Open)
        {
            insideAny.Push(false);
        }
        else if (kind == TriggerTokenKind.Close && insideAny.Count > 0)
        {
            insideAny.Pop();
        }
    }

    private static bool IsAny(string text, int from, int at) => text.AsSpan(from, at - from).Trim().Equals("any", StringComparison.OrdinalIgnoreCase);

    /// <summary>The word `not` where an event should begin: no event's name has a blank or a parenthesis behind it.</summary>
    private static bool IsNot(string text, int at) =>
        string.Compare(text, at, "not", 0, 3, StringComparison.OrdinalIgnoreCase) == 0 && at + 3 < text.Length
        && (char.IsWhiteSpace(text[at + 3]) || text[at + 3] == '(');

    /// <summary>`&amp;&amp;`, and `&amp; &amp;` as the vendor's manual prints it (Q19), are one operator.</summary>
    private static int Doubled(string text, int at)
    {
        var next = SkipBlanks(text, at + 1);
        return next < text.Length && text[next] == text[at] ? next + 1 - at : 1;
    }

    private static bool AfterClose(bool isBlank, List<TriggerToken> tokens) =>
        isBlank && tokens.Count > 0 && tokens[^1].Kind == TriggerTokenKind.Close;

    private static bool EventFollows(string text, int at, bool insideAny)
    {
        at = SkipBlanks(text, at);
        while (at < text.Length && (text[at] == '!' || IsNot(text, at)))
        {
            at = SkipBlanks(text, at + (text[at] == '!' ? 1 : 3));
        }

        if (at == text.Length)
        {
            return false;
        }

        if (text[at] == '(')
        {
            return true;
        }

        var end = SkipIdentifier(text, at);
        if (end == at)
        {
            return false;
        }

        var word = text.AsSpan(at, end - at);
        if (end == text.Length || text[end] != '-')
        {
            var next = SkipBlanks(text, end);
            return word.Equals("global", StringComparison.OrdinalIgnoreCase) && EndsEvent(text, end, insideAny)
                || (word.Equals("any", StringComparison.OrdinalIgnoreCase) && next < text.Length && text[next] == '(');
        }

        if (SubjectTypes.TryParse(word, out var first) && first is SubjectType.GlobalTime or SubjectType.GlobalRepeat)
        {
            return true;
        }

        var typeEnd = SkipIdentifier(text, end + 1);
        return SubjectTypes.TryParse(text.AsSpan(end + 1, typeEnd - end - 1), out _)
               && (typeEnd == text.Length || text[typeEnd] == '-' || EndsEvent(text, typeEnd, insideAny));
    }

    private static bool EndsEvent(string text, int at, bool insideAny)
    {
        var next = SkipBlanks(text, at);
        return next == text.Length || text[next] is '&' or '|' or ')' or '(' || (insideAny && text[next] == ',')
               || (next > at && WordAt(text, next, "(!", ")").Length > 0);
    }

    private static void AddEvent(string text, int from, int to, List<TriggerToken> tokens)
    {
        from = SkipBlanks(text, from);
        while (to > from && char.IsWhiteSpace(text[to - 1]))
        {
            to--;
        }

        if (to > from)
        {
            tokens.Add(new(TriggerTokenKind.Event, from, to));
        }
    }
}
