using System.Text;

namespace Qube.Actions.Mail;

/// <summary>A mail's text with <c>${NAME}</c> and <c>$NAME</c> in it (spec/callbacks.md §12.2). Pure.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Body">The rest.</param>
public sealed record MailTemplate(string Subject, string Body)
{
    private const string SubjectStart = "Subject:";
    private const string DefaultSubject = "job ${JOB_ID} ${JOB_NAME}: ${JOB_STATUS}";

    /// <summary>Reads a template: a first line <c>Subject: …</c> sets the subject, an empty line after it is dropped.</summary>
    public static MailTemplate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.ReplaceLineEndings("\n");
        if (!text.StartsWith(SubjectStart, StringComparison.OrdinalIgnoreCase))
        {
            return new MailTemplate(DefaultSubject, text);
        }

        int end = text.IndexOf('\n', StringComparison.Ordinal);
        string subject = (end < 0 ? text : text[..end])[SubjectStart.Length..].Trim();
        string body = end < 0 ? "" : text[(end + 1)..];
        return new MailTemplate(subject, body.StartsWith('\n') ? body[1..] : body);
    }

    /// <summary>With values in the place of names. A name that has none is empty; a value is taken as it is, and what looks like a name in it
    /// stays. In the subject, values cannot begin another line.</summary>
    public MailTemplate Expand(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string subject = Expand(Subject, values);
        return new MailTemplate(string.Concat(subject.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim(), Expand(Body, values));
    }

    private static string Expand(string text, IReadOnlyDictionary<string, string> values)
    {
        var expanded = new StringBuilder();
        int at = 0;
        while (at < text.Length)
        {
            int dollar = text.IndexOf('$', at);
            if (dollar < 0)
            {
                break;
            }

            expanded.Append(text, at, dollar - at);
            (int end, string? name) = NameAt(text, dollar + 1);
            expanded.Append(name is null ? text[dollar..end] : values.GetValueOrDefault(name, ""));
            at = end;
        }

        return expanded.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The name after a dollar and where the text goes on; null when there is none, and <c>$5</c> is money.</summary>
    private static (int End, string? Name) NameAt(string text, int start)
    {
        bool isBraced = start < text.Length && text[start] == '{';
        int first = isBraced ? start + 1 : start;
        int end = first;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '_' || (end > first && char.IsAsciiDigit(text[end]))))
        {
            end++;
        }

        if (end == first || (isBraced && (end >= text.Length || text[end] != '}')))
        {
            return (start, null);
        }

        return (isBraced ? end + 1 : end, text[first..end]);
    }
}
