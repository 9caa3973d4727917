using System.Globalization;
using System.Text;
using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Expressions;
using Qube.Domain.Packing;
using Qube.Domain.Syntax;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>Reads one job's dictionary (spec/jobs.md §1): aliases, numbers as text, unknown keys kept.</summary>
internal sealed class JobReader
{
    /// <summary>Keys that are stored elsewhere and not in the body.</summary>
    private static readonly string[] TakenOut = ["agenda", "work", "callbacks", "callback", ExportedEnvironment];

    private const string ExportedEnvironment = "exported_env";

    private readonly Dictionary<string, JsonElement> _members;
    private readonly FieldReader _fields;
    private readonly string _key;
    private readonly string _label;

    public JobReader(JsonElement job, int place)
    {
        var number = (place + 1).ToString(CultureInfo.InvariantCulture);
        var plain = new FieldReader($"job {number}", number);
        if (job.ValueKind != JsonValueKind.Object)
        {
            plain.Fail("jobs", $"expected a job's dictionary, found {FieldReader.Shown(job)}");
            (_members, _fields, _key, _label) = ([], plain, number, "");
            return;
        }

        _members = plain.Members(job, "keys");
        _label = plain.Text(_members.GetValueOrDefault("label"), "label") ?? "";
        _key = _label.Length > 0 ? _label : number;
        _fields = plain.Error is null && _label.Length > 0 ? new($"job {number} (label {_label})", _label) : plain;
    }

    public SubmissionError? Error => _fields.Error;

    public IReadOnlyList<SubmissionError> Errors => _fields.Errors;

    public JobDraft Read()
    {
        var package = Package(out var packedPackage);
        var agenda = new AgendaReader(_fields);
        agenda.Read(FirstOf("agenda", "work", out _));
        var prototype = Text("prototype", "type") ?? "";
        if (prototype.Length == 0)
        {
            _fields.Fail("prototype", "a job needs a prototype such as cmdline or cmdrange");
        }

        var draft = new JobDraft
        {
            Title = _fields.Title,
            Key = _key,
            Label = _label,
            Name = Text("name"),
            Prototype = prototype,
            User = Text("user") is { Length: > 0 } user ? user : null,
            Pgrp = Math.Max(0, Number("pgrp") ?? 0),
            Pid = Number("pid") ?? 1,
            Priority = Number("priority"),
            Cluster = Given("cluster"),
            Restrictions = Given("restrictions"),
            Requirements = Readable("requirements", static text => Expression.Parse(text).Error),
            Reservations = Readable("reservations", static text => Expressions.Reservations.Parse(text).Error),
            Hosts = Given("hosts"),
            OmitHosts = Given("omithosts"),
            Groups = Given("groups"),
            OmitGroups = Given("omitgroups"),
            HostOrder = Given("hostorder"),
            Account = Given("account"),
            Kind = Given("kind"),
            Flags = Flags(),
            Cpus = Number("cpus") ?? 1,
            RetryWork = Int("retrywork", -1),
            RetrySubjob = Int("retrysubjob", -1),
            RetryWorkDelaySeconds = Math.Max(0, Int("retrywork_delay", 0)),
            TimeoutSeconds = Math.Max(0, Int("timeout", 0)),
            AgendaTimeoutSeconds = Seconds("agenda_timeout", "agendatimeout"),
            TimeLimitSeconds = Math.Max(0, Int("timelimit", 0)),
            AgendaTimeLimitSeconds = Seconds("agenda_timelimit", "agendatimelimit"),
            Blocked = IsBlocked(),
            Agenda = agenda.Agenda,
            BlockedItems = [.. agenda.BlockedItems],
            ItemOverrides = [.. agenda.Overrides],
            Command = new CommandReader(_fields).Read(prototype, package, _members),
            Callbacks = new CallbackReader(_fields).Read(FirstOf("callbacks", "callback", out _)),
            Dependency = Text("dependency") ?? "",
            WaitFor = WaitFor(),
        };
        CheckDependency(draft.Dependency, "dependency");
        CheckDependency(draft.WaitFor, "waitfor");
        return draft with { Body = _fields.Error is null ? Body(packedPackage) : "{}", Warnings = [.. _fields.Warnings] };
    }

    private JsonElement FirstOf(string name, string alias, out string found)
    {
        found = name;
        if (_members.TryGetValue(name, out var value) && !FieldReader.IsAbsent(value))
        {
            return value;
        }

        found = alias;
        return _members.GetValueOrDefault(alias);
    }

    private string? Text(string name, string? alias = null)
    {
        var value = FirstOf(name, alias ?? name, out var found);
        return _fields.Text(value, found);
    }

    /// <summary>Text or a list of texts; empty counts as not given.</summary>
    private string? Given(string name) => _fields.ListText(_members.GetValueOrDefault(name), name) is { Length: > 0 } text ? text : null;

    /// <summary>A host cannot be asked what nobody can read: it would wait for ever, or for nothing.</summary>
    private string? Readable(string name, Func<string, SyntaxError?> problemOf)
    {
        var text = Given(name);
        if (text is not null && problemOf(text) is { } problem)
        {
            _fields.Fail(name, $"'{text}': {problem}", problem.Column);
        }

        return text;
    }

    private long? Number(string name) => _fields.Number(_members.GetValueOrDefault(name), name);

    private int Int(string name, int absent) => _fields.Int(_members.GetValueOrDefault(name), name, absent);

    /// <summary>A time under either of its names; dumps hold both, one of them off (spec/jobs.md §1).</summary>
    private int Seconds(string name, string alias) => Math.Max(0, Math.Max(Int(name, 0), Int(alias, 0)));

    private JobFlags? Flags()
    {
        var value = FirstOf("flags", "flagsstring", out var found);
        if (_fields.ListText(value, found) is not { } text)
        {
            return null;
        }

        if (!JobFlagNames.TryParse(text, out var flags, out var problem))
        {
            _fields.Fail(found, problem);
        }

        return flags;
    }

    private bool IsBlocked()
    {
        var value = FirstOf("status", "state", out var found);
        if (_fields.Text(value, found) is not { Length: > 0 } text)
        {
            return false;
        }

        if (!StatusNames.TryParse(text, out var status))
        {
            _fields.Fail(found, $"expected pending or blocked, found '{text}'");
        }
        else if (status is not (Status.Pending or Status.Blocked))
        {
            _fields.Warn(found, $"a job can be submitted pending or blocked; '{text}' is taken as pending");
        }

        return status == Status.Blocked;
    }

    /// <summary>The package, from packed <c>data</c> where there is none (spec/jobs.md §5.4).</summary>
    private Dictionary<string, JsonElement> Package(out string? packed)
    {
        packed = null;
        var package = _members.GetValueOrDefault("package");
        if (package.ValueKind == JsonValueKind.Object)
        {
            return _fields.Members(package, "package");
        }

        if (!FieldReader.IsAbsent(package))
        {
            _fields.Fail("package", $"expected a dictionary, found {FieldReader.Shown(package)}");
        }

        if (Text("data") is not { Length: > 0 } data)
        {
            return [];
        }

        var read = PackedData.Parse(data);
        if (!read.IsOk)
        {
            _fields.Fail("data", read.Error.ToString(), read.Error.Column);
            return [];
        }

        packed = SpecCommand.Json(read.Value);
        using var document = JsonDocument.Parse(packed, new() { MaxDepth = 2 * PackedData.MaxDepth });
        return _fields.Members(document.RootElement.Clone(), "data");
    }

    /// <summary>Job ids are waited for until they are done; any other text is a dependency as it stands (spec/callbacks.md §16.2).</summary>
    private string WaitFor()
    {
        if (_fields.ListText(_members.GetValueOrDefault("waitfor"), "waitfor") is not { } text)
        {
            return "";
        }

        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var areIds = parts.All(part => long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        return areIds
            ? string.Join(',', parts.Where(part => part is not ("0" or "-1")).Select(part => $"link-done-job-{part}"))
            : text;
    }

    private void CheckDependency(string text, string field)
    {
        if (DependencyParser.Parse(text) is { IsValid: false } result)
        {
            _fields.Fail(field, $"'{text}': {result.Error!.Message}", result.Error.Column);
        }
    }

    private string Body(string? packedPackage)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in _members)
        {
            if (!TakenOut.Contains(name) && !(name == "package" && packedPackage is not null))
            {
                JsonText.Append(text, name, value.GetRawText());
            }
        }

        if (packedPackage is not null)
        {
            JsonText.Append(text, "package", packedPackage);
        }

        return text.Append('}').ToString();
    }
}
