using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>The site's own callbacks, attached to every job that is submitted (spec/callbacks.md §14).</summary>
/// <param name="Callbacks">In the order of the map files, without ids.</param>
/// <param name="Problems">What was left out and why, each naming its file and line.</param>
public sealed record UniversalCallbacks(ImmutableArray<CallbackSpec> Callbacks, ImmutableArray<string> Problems)
{
    /// <summary>The map file of a folder.</summary>
    public const string MapFile = "callbacks.conf";

    /// <summary>Whose permissions they have: nobody's who submits jobs.</summary>
    public const string Owner = "qube";

    public static UniversalCallbacks None { get; } = new([], []);

    public bool Equals(UniversalCallbacks? other) =>
        other is not null && Callbacks.SequenceEqual(other.Callbacks) && Problems.SequenceEqual(other.Problems);

    public override int GetHashCode() => HashCode.Combine(Callbacks.Length, Problems.Length);

    /// <summary>Those of several folders, in order.</summary>
    public UniversalCallbacks With(UniversalCallbacks more)
    {
        ArgumentNullException.ThrowIfNull(more);
        return new(Callbacks.AddRange(more.Callbacks), Problems.AddRange(more.Problems));
    }

    /// <summary>Reads one folder's map: <c>filename = trigger</c> a line, <c>#</c> begins a comment.</summary>
    /// <param name="folder">The folder, for messages.</param>
    /// <param name="map">The text of its <see cref="MapFile"/>.</param>
    /// <param name="read">The text of a file in it; throws IOException or UnauthorizedAccessException when it cannot be read.</param>
    public static UniversalCallbacks Read(string folder, string map, Func<string, string> read)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(read);
        var callbacks = ImmutableArray.CreateBuilder<CallbackSpec>();
        var problems = ImmutableArray.CreateBuilder<string>();
        var number = 0;
        foreach (var line in map.Split('\n'))
        {
            number++;
            var text = WithoutComment(line).Trim();
            if (text.Length == 0)
            {
                continue;
            }

            var (callback, problem) = ReadLine(text, read);
            if (callback is null)
            {
                problems.Add($"{Path.Combine(folder, MapFile)}, line {number}: {problem}");
            }
            else
            {
                callbacks.Add(callback);
            }
        }

        return new(callbacks.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>A comment begins a line or follows a blank: labels and items may hold the sign.</summary>
    private static string WithoutComment(string line)
    {
        for (var at = line.IndexOf('#', StringComparison.Ordinal); at >= 0; at = line.IndexOf('#', at + 1))
        {
            if (at == 0 || char.IsWhiteSpace(line[at - 1]))
            {
                return line[..at];
            }
        }

        return line;
    }

    private static (CallbackSpec? Callback, string? Problem) ReadLine(string text, Func<string, string> read)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var file = equals < 0 ? text : text[..equals].TrimEnd();
        var trigger = equals < 0 ? "" : text[(equals + 1)..].Trim();
        if (file.Length == 0 || trigger.Length == 0)
        {
            return (null, $"'{text}' is no mapping; write filename = trigger");
        }

        if (Path.GetFileName(file) != file || file is "." or "..")
        {
            return (null, $"'{file}' is no file of this folder");
        }

        var language = Path.GetExtension(file) switch
        {
            ".py" => CallbackLanguages.Python,
            ".pl" => CallbackLanguages.Perl,
            ".qcb" => CallbackLanguages.Qube,
            _ => null,
        };
        if (language is null)
        {
            return (null, $"'{file}': files end in .py, .pl or .qcb");
        }

        if (TriggerProblem(trigger, out var triggers) is { } wrong)
        {
            return (null, $"'{trigger}': {wrong}");
        }

        string code;
        try
        {
            code = read(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, $"'{file}' cannot be read: {unreadable.Message}");
        }

        if (CodeProblem(file, language, ref code) is { } problem)
        {
            return (null, problem);
        }

        return (new CallbackSpec { Triggers = triggers, Language = language, Code = code, User = Owner }, null);
    }

    private static string? TriggerProblem(string trigger, out string canonical)
    {
        canonical = trigger;
        var parsed = TriggerParser.Parse(trigger, []);
        if (!parsed.IsValid)
        {
            return parsed.Error.Message;
        }

        canonical = parsed.Expression.ToString();
        return parsed.Expression.Patterns().FirstOrDefault(pattern => pattern is { Context.Kind: ContextKind.Any, Type: not SubjectType.Host }) is { } any
            ? $"'{any}': the context * (any job) is for global callbacks; a universal one has every job as self"
            : null;
    }

    private static string? CodeProblem(string file, string language, ref string code)
    {
        if (language != CallbackLanguages.Qube)
        {
            return string.IsNullOrWhiteSpace(code) ? $"'{file}' is empty" : null;
        }

        // The first line that is no comment; an empty file says it by its name, as the sample mail-status.qcb does.
        var verb = code.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#') ?? Path.GetFileNameWithoutExtension(file);
        if (QubeVerbs.Canonical(verb) is not { } canonical)
        {
            return $"'{file}': '{verb}' is no verb; {NearestWord.Offer(verb, QubeVerbs.All)}";
        }

        code = canonical;
        return null;
    }
}
