using System.Collections.Immutable;
using System.Text.Json;

namespace Qube.Domain.Submissions;

/// <summary>Reads a job's <c>callbacks</c> (spec/callbacks.md §2). What a language allows is the decider's affair.</summary>
internal sealed class CallbackReader(FieldReader fields)
{
    public ImmutableArray<CallbackDraft> Read(JsonElement callbacks)
    {
        switch (callbacks.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return [];
            case JsonValueKind.Object:
                return ReadOne(callbacks, "callbacks[0]") is { } only ? [only] : [];
            case JsonValueKind.Array:
                var drafts = ImmutableArray.CreateBuilder<CallbackDraft>();
                foreach (var element in callbacks.EnumerateArray())
                {
                    var field = $"callbacks[{drafts.Count}]";
                    if (element.ValueKind != JsonValueKind.Object)
                    {
                        fields.Fail(field, $"expected a dictionary, found {FieldReader.Shown(element)}");
                        return [];
                    }

                    drafts.Add(ReadOne(element, field));
                }

                return drafts.ToImmutable();
            default:
                fields.Fail("callbacks", $"expected a list, found {FieldReader.Shown(callbacks)}");
                return [];
        }
    }

    private CallbackDraft ReadOne(JsonElement callback, string field)
    {
        var members = fields.Members(callback, field);
        var triggers = members.GetValueOrDefault("triggers");
        if (FieldReader.IsAbsent(triggers))
        {
            triggers = members.GetValueOrDefault("trigger");
        }

        var isList = triggers.ValueKind == JsonValueKind.Array;
        ImmutableArray<string> texts = isList
            ? [.. triggers.EnumerateArray().Select((element, at) => fields.Text(element, $"{field}.triggers[{at}]") ?? "")]
            : [fields.Text(triggers, $"{field}.triggers") ?? ""];
        if (texts.Length == 0 || texts.All(string.IsNullOrWhiteSpace))
        {
            fields.Fail($"{field}.triggers", "a callback needs a trigger such as complete-job-self");
        }

        var language = (fields.Text(members.GetValueOrDefault("language"), $"{field}.language") ?? "").Trim().ToLowerInvariant();
        if (language.Length == 0)
        {
            fields.Fail($"{field}.language", $"a callback needs a language: {string.Join(", ", CallbackLanguages.All)}");
        }

        var max = fields.Number(members.GetValueOrDefault("max"), $"{field}.max")
            ?? fields.Number(members.GetValueOrDefault("maximum"), $"{field}.maximum") ?? -1;
        var user = fields.Text(members.GetValueOrDefault("user"), $"{field}.user");
        return new(
            field,
            texts,
            isList,
            language,
            fields.Text(members.GetValueOrDefault("code"), $"{field}.code") ?? "",
            string.IsNullOrEmpty(user) ? null : user,
            max < 0 ? -1 : (int)Math.Min(max, int.MaxValue),
            fields.Flag(members.GetValueOrDefault("catchup"), $"{field}.catchup"));
    }
}
