using System.Text.Json.Serialization;

namespace Qube.Actors.Workers;

/// <summary>Lists of strings, without reflection.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class JsonStrings : JsonSerializerContext;
