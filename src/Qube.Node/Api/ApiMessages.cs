using System.Text.Json;

namespace Qube.Node.Api;

// Requests: everything may be absent. Ids are numbers or texts.
internal sealed record JobQueryRequest(
    JsonElement[]? Ids,
    Dictionary<string, JsonElement>? Filters,
    string[]? Fields,
    bool? Agenda,
    bool? Subjobs,
    bool? Callbacks,
    double? MinId,
    double? MaxId,
    double? Limit,
    string? OrderBy,
    double? UpdatedAfter,
    double? UpdatedBefore,
    double? SubmittedAfter,
    double? SubmittedBefore,
    double? Offset);

internal sealed record ControlRequest(string? RequestId, string? User, string? Verb, string? Scope, JsonElement[]? Ids);

internal sealed record ModifyRequest(string? RequestId, string? User, JsonElement Params, JsonElement[]? Ids);

internal sealed record HostQueryRequest(Dictionary<string, JsonElement>? Filters, JsonElement Name, JsonElement State, bool? Subjobs);

internal sealed record HostLockRequest(string? RequestId, string? User, string[]? Names, bool? Lock, bool? Purge, string? Locks);

internal sealed record HostVarsRequest(string? RequestId, string? User, string[]? Names, string? Resources, string? Properties);

// Each name has [used, total].
internal sealed record ResourcesRequest(string? RequestId, string? User, Dictionary<string, int[]>? Resources);

internal sealed record ModesRequest(string? RequestId, string? User, string[]? Set, string[]? Unset);

internal sealed record MailTestRequest(string? Address);

internal sealed record IdsRequest(JsonElement[]? Ids);

internal sealed record TriggerRequest(string? RequestId, string? User, string? Event);

internal sealed record GlobalCallbacksRequest(string? RequestId, string? User, JsonElement[]? Callbacks);

internal sealed record RemoveGlobalsRequest(string? User, int[]? Ids);

internal sealed record LogsRequest(JsonElement[]? Ids, string? Stream, long? Pos, long? Len);

// Answers.
// Denied: what the caller may not have done, in words; those things are not affected.
internal sealed record AffectedAnswer(string[] Affected, string[]? Errors, string[]? Denied = null);

internal sealed record HostLockAnswer(string[] Hosts);

internal sealed record ResourcesAnswer(Dictionary<string, int[]> Resources);

internal sealed record ModesAnswer(string[] Modes);

// In the order in which the host would take them.
internal sealed record JobOrderAnswer(long[] Jobs);

internal sealed record ConfigAnswer(Dictionary<string, string> Config);

internal sealed record TriggerAnswer(string Raised);

internal sealed record GlobalCallbacksAnswer(JsonElement[] Callbacks);

internal sealed record HistoryAnswer(IReadOnlyList<HistoryEntry> History);

// Workid: the item's name, or -1.
internal sealed record HistoryEntry(long Jobid, int Subid, JsonElement Workid, long Stamp, string Timestamp, string Comment, string User);

internal sealed record LogsAnswer(IReadOnlyList<LogEntry> Logs);

// Fullsize: bytes in the file now.
// Next: where the next read begins.
internal sealed record LogEntry(long Jobid, int Subid, string Data, long Fullsize, long Next);

internal sealed record PingAnswer(
    string Name, string Address, string Version, string Build, string Os, string Mode, string State, int Running, int Slots);

internal sealed record TimeAnswer(long Time);

internal sealed record MailTestAnswer(bool Sent, string Text);

internal sealed record HostsAnswer(IReadOnlyList<HostEntry> Hosts);

internal sealed record HostEntry(
    string Name,
    string Macaddress,
    string Address,
    string State,
    string Cluster,
    string Groups,
    string Resources,
    string Properties,
    string Restrictions,
    string Flags,
    string Locks,
    string Jobtypes,
    string Description,
    long Lastupdate,
    int Slots,
    int Slotsused,
    HostInstance[]? Subjobs);

internal sealed record HostInstance(long Pid, int Id);

// Items: several at once, as a range text; then Item is null.
internal sealed record EventData(
    string Source, long Seq, string Event, long Job, long Pgrp, string Label, string? Item, string? Items, int? Instance, double Time);

// Addresses are cluster ports: host:port. Singletons: the supervisor that holds farm and dispatcher. Jobs: those awake on the supervisor that answers.
internal sealed record ClusterAnswer(string Name, string Self, string Leader, string Singletons, ClusterMember[] Members, long[] Jobs);

internal sealed record ClusterMember(string Address, string Status, bool Reachable);
