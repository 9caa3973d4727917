using System.Collections.Frozen;

namespace Qube.Storage.ReadModel;

/// <summary>The columns of <c>jobs</c>, by the name a filter uses. Only names from here ever become part of a statement.</summary>
internal static class JobColumns
{
    public static readonly string[] Ordered =
    [
        "id", "pgrp", "pid", "status", "name", "user", "label", "priority", "cluster", "prototype", "account", "kind",
        "timesubmit", "timestart", "timecomplete", "lastupdate", "cpus", "todo", "version",
    ];

    private static readonly FrozenSet<string> s_texts =
        FrozenSet.ToFrozenSet(["status", "name", "user", "label", "cluster", "prototype", "account", "kind"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> s_byName =
        Ordered.Select(c => KeyValuePair.Create(c, c)).Append(KeyValuePair.Create("type", "prototype")).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The column a key names, whatever its case; <c>type</c> is Qube!'s other word for prototype.</summary>
    public static bool TryGet(string key, out string column) => s_byName.TryGetValue(key, out column!);

    public static bool IsText(string column) => s_texts.Contains(column);
}
