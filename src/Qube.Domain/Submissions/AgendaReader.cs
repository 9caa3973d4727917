using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Ranges;
using Qube.Domain.Syntax;

namespace Qube.Domain.Submissions;

/// <summary>Reads a job's <c>agenda</c>: item dictionaries, bare names, range objects, or a list mixing them. Ranges are never written out.</summary>
internal sealed class AgendaReader(FieldReader fields)
{
    private const string Field = "agenda";

    private readonly List<Agenda> _pieces = [];
    private readonly List<string> _names = [];
    private readonly List<ItemOverride> _overrides = [];
    private readonly IntervalSet _blocked = new();
    private int _count;
    private int _otherStatuses;

    /// <summary>Null for a job without items.</summary>
    public Agenda? Agenda { get; private set; }

    public int[] BlockedItems => _blocked.ToPairs();

    public IReadOnlyList<ItemOverride> Overrides => _overrides;

    public void Read(JsonElement agenda)
    {
        switch (agenda.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return;
            case JsonValueKind.Object:
                ReadDictionary(agenda, Field);
                break;
            case JsonValueKind.String or JsonValueKind.Number:
                AddRange(fields.Text(agenda, Field) ?? "", Field, new());
                break;
            case JsonValueKind.Array:
                var at = 0;
                foreach (var element in agenda.EnumerateArray())
                {
                    ReadElement(element, $"{Field}[{at++}]");
                    if (fields.Error is not null)
                    {
                        return;
                    }
                }

                break;
            default:
                fields.Fail(Field, $"expected a list of items or a range, found {FieldReader.Shown(agenda)}");
                return;
        }

        Finish();
    }

    private void ReadElement(JsonElement element, string field)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                ReadDictionary(element, field);
                break;
            case JsonValueKind.String or JsonValueKind.Number:
                AddName(fields.Text(element, field) ?? "", field);
                break;
            default:
                fields.Fail(field, $"expected an item's dictionary or its name, found {FieldReader.Shown(element)}");
                break;
        }
    }

    private void ReadDictionary(JsonElement dictionary, string field)
    {
        var members = fields.Members(dictionary, field);
        if (!members.TryGetValue("name", out var name) && members.TryGetValue("range", out var range))
        {
            AddRange(fields.Text(range, $"{field}.range") ?? "", field == Field ? field : $"{field}.range", members);
            return;
        }

        AddName(fields.Text(name, $"{field}.name") ?? "", $"{field}.name");
        AddDetails(members, field, _count - 1, _count - 1);
    }

    private void AddName(string name, string field)
    {
        if (name.Length == 0)
        {
            fields.Fail(field, "an item has no name");
        }

        _names.Add(name);
        _count++;
    }

    private void AddRange(string text, string field, Dictionary<string, JsonElement> members)
    {
        var duplicates = fields.Flag(members.GetValueOrDefault("removeDuplicates"), $"{field}.removeDuplicates") ?? true;
        var range = FrameRange.Parse(text, duplicates);
        if (!range.IsOk)
        {
            FailSyntax(field, $"'{text}' is no frame range: ", range.Error);
            return;
        }

        var order = (fields.Flag(members.GetValueOrDefault("binarySort"), $"{field}.binarySort") ?? false,
            fields.Flag(members.GetValueOrDefault("reverse"), $"{field}.reverse") ?? false) switch
        {
            (true, _) => AgendaOrder.Binary,
            (_, true) => AgendaOrder.Reverse,
            _ => AgendaOrder.AsGiven,
        };
        var type = fields.Text(members.GetValueOrDefault("type"), $"{field}.type") ?? "frames";
        var size = fields.Int(members.GetValueOrDefault("n"), $"{field}.n", 1);
        Parsed<Agenda> piece;
        switch (type.ToLowerInvariant())
        {
            case "frames" or "":
                piece = Agenda.OfFrames(range.Value, order);
                break;
            case "chunks":
                piece = Agenda.OfChunks(size, range.Value, order);
                break;
            case "partitions":
                piece = Agenda.OfPartitions(size, range.Value, order);
                break;
            default:
                fields.Fail($"{field}.type", $"expected frames, chunks or partitions, found '{type}'");
                return;
        }

        if (!piece.IsOk)
        {
            fields.Fail(field, $"found {piece.Error.Found}, expected {piece.Error.Expected}");
            return;
        }

        FlushNames();
        _pieces.Add(piece.Value);
        var first = _count;
        _count += piece.Value.Count;
        if (members.TryGetValue("overrides", out var overrides) && !FieldReader.IsAbsent(overrides))
        {
            if (overrides.ValueKind == JsonValueKind.Object)
            {
                AddDetails(fields.Members(overrides, $"{field}.overrides"), $"{field}.overrides", first, _count - 1);
            }
            else
            {
                fields.Fail($"{field}.overrides", $"expected a dictionary, found {FieldReader.Shown(overrides)}");
            }
        }
    }

    /// <summary>What an item's dictionary says beside its name, for the items first … last.</summary>
    private void AddDetails(Dictionary<string, JsonElement> members, string field, int first, int last)
    {
        if (members.Remove("status", out var value) && fields.Text(value, $"{field}.status") is { Length: > 0 } status)
        {
            if (status.Equals(StatusNames.Name(Status.Blocked), StringComparison.OrdinalIgnoreCase))
            {
                _blocked.AddRange(first, last);
            }
            else if (!StatusNames.TryParse(status, out var known))
            {
                fields.Fail($"{field}.status", $"expected pending or blocked, found '{status}'");
            }
            else if (known != Status.Pending)
            {
                _otherStatuses++;
            }
        }

        members.Remove("name");
        if (members.Count == 0)
        {
            return;
        }

        var json = JsonText.Dictionary(members);
        if (_overrides.Count > 0 && _overrides[^1] is var before && before.Seq + before.More == first - 1 && before.Json == json)
        {
            _overrides[^1] = before with { More = last - before.Seq };
        }
        else
        {
            _overrides.Add(new() { Seq = first, More = last - first, Json = json });
        }
    }

    private void FlushNames()
    {
        if (_names.Count == 0)
        {
            return;
        }

        var names = Agenda.OfNames(_names);
        if (names.IsOk)
        {
            _pieces.Add(names.Value);
        }
        else
        {
            fields.Fail(Field, $"found {names.Error.Found}, expected {names.Error.Expected}");
        }

        _names.Clear();
    }

    private void Finish()
    {
        FlushNames();
        if (_otherStatuses > 0)
        {
            fields.Warn(Field, "an item can be submitted pending or blocked; those with another status start pending");
        }

        if (fields.Error is not null || _pieces.Count == 0)
        {
            return;
        }

        var whole = _pieces.Count == 1 ? _pieces[0] : Agenda.Concat(_pieces);
        if (!whole.IsOk)
        {
            fields.Fail(Field, $"found {whole.Error.Found}, expected {whole.Error.Expected}");
            return;
        }

        Agenda = whole.Value.Count > 0 ? whole.Value : null;
    }

    private void FailSyntax(string field, string prefix, SyntaxError error) => fields.Fail(field, prefix + error, error.Column);
}
