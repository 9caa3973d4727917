using System.Text.Json.Serialization;

namespace Qube.Actions.Scripts;

/// <summary>The lines between a zygote and its process; <c>zygote.py</c> describes them.</summary>
internal static class ZygoteMessages
{
    public sealed record Run
    {
        [JsonPropertyName("run")]
        public required long Id { get; init; }

        [JsonPropertyName("language")]
        public required string Language { get; init; }

        [JsonPropertyName("firing")]
        public required string Firing { get; init; }

        [JsonPropertyName("code")]
        public required string Code { get; init; }

        [JsonPropertyName("job")]
        public required long Job { get; init; }

        [JsonPropertyName("item")]
        public string? Item { get; init; }

        [JsonPropertyName("instance")]
        public int? Instance { get; init; }

        [JsonPropertyName("event")]
        public required string EventText { get; init; }

        [JsonPropertyName("user")]
        public required string User { get; init; }

        [JsonPropertyName("name")]
        public required string Name { get; init; }

        [JsonPropertyName("header")]
        public required string Header { get; init; }

        [JsonPropertyName("output")]
        public required string Output { get; init; }

        [JsonPropertyName("supervisor")]
        public required string Supervisor { get; init; }

        [JsonPropertyName("limit")]
        public required double LimitSeconds { get; init; }

        [JsonPropertyName("cap")]
        public required long CapBytes { get; init; }

        [JsonPropertyName("memory")]
        public required long MemoryBytes { get; init; }

        [JsonPropertyName("processes")]
        public required int Processes { get; init; }

        [JsonPropertyName("nice")]
        public required int Nice { get; init; }

        [JsonPropertyName("account")]
        public string? Account { get; init; }

        /// <summary>What the script asks the API with.</summary>
        [JsonPropertyName("token")]
        public string? Token { get; init; }

        [JsonPropertyName("warm")]
        public bool? Warm { get; init; }

        [JsonPropertyName("perl")]
        public required string Perl { get; init; }

        [JsonPropertyName("perl_library")]
        public required string PerlLibrary { get; init; }
    }

    public sealed record Cancel
    {
        [JsonPropertyName("cancel")]
        public required long Id { get; init; }
    }

    /// <summary>Any of the answers.</summary>
    public sealed record Answer
    {
        [JsonPropertyName("ready")]
        public int? Ready { get; init; }

        [JsonPropertyName("run")]
        public long Id { get; init; }

        [JsonPropertyName("started")]
        public int? Started { get; init; }

        [JsonPropertyName("exit")]
        public string? Exit { get; init; }

        [JsonPropertyName("text")]
        public string? Text { get; init; }

        [JsonPropertyName("code")]
        public int Code { get; init; }

        [JsonPropertyName("signal")]
        public int Signal { get; init; }

        [JsonPropertyName("seconds")]
        public double Seconds { get; init; }

        [JsonPropertyName("bytes")]
        public long Bytes { get; init; }
    }
}
