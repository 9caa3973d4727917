using System.Text.Json.Serialization;

namespace Qube.Actions.Scripts;

/// <summary>The lines' JSON, compiled ahead: ASCII only, one line each.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ZygoteMessages.Run))]
[JsonSerializable(typeof(ZygoteMessages.Cancel))]
[JsonSerializable(typeof(ZygoteMessages.Answer))]
internal sealed partial class ZygoteJson : JsonSerializerContext;
