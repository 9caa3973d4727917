using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Qube.Node.Api;

/// <summary>What the API reads and writes by type, compiled ahead. Scripts write numbers as text: both are read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ApiErrors.ErrorBody))]
[JsonSerializable(typeof(JobQueryRequest))]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ModifyRequest))]
[JsonSerializable(typeof(HostQueryRequest))]
[JsonSerializable(typeof(HostLockRequest))]
[JsonSerializable(typeof(IdsRequest))]
[JsonSerializable(typeof(LogsRequest))]
[JsonSerializable(typeof(TriggerRequest))]
[JsonSerializable(typeof(TriggerAnswer))]
[JsonSerializable(typeof(GlobalCallbacksRequest))]
[JsonSerializable(typeof(GlobalCallbacksAnswer))]
[JsonSerializable(typeof(RemoveGlobalsRequest))]
[JsonSerializable(typeof(AffectedAnswer))]
[JsonSerializable(typeof(HostLockAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(LogsAnswer))]
[JsonSerializable(typeof(PingAnswer))]
[JsonSerializable(typeof(TimeAnswer))]
[JsonSerializable(typeof(HostVarsRequest))]
[JsonSerializable(typeof(ResourcesRequest))]
[JsonSerializable(typeof(ResourcesAnswer))]
[JsonSerializable(typeof(ConfigAnswer))]
[JsonSerializable(typeof(ModesRequest))]
[JsonSerializable(typeof(ModesAnswer))]
[JsonSerializable(typeof(JobOrderAnswer))]
[JsonSerializable(typeof(MailTestRequest))]
[JsonSerializable(typeof(MailTestAnswer))]
[JsonSerializable(typeof(HostsAnswer))]
[JsonSerializable(typeof(EventData))]
[JsonSerializable(typeof(RefireRequest))]
[JsonSerializable(typeof(FiringsAnswer))]
[JsonSerializable(typeof(RefireAnswer))]
[JsonSerializable(typeof(Qube.Domain.Explaining.Explanation))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(ClusterAnswer))]
[JsonSerializable(typeof(UserEditRequest))]
[JsonSerializable(typeof(UsersAnswer))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Quotes and letters as they are: answers are read by people too, and never stand inside HTML.</summary>
    public static ApiJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
