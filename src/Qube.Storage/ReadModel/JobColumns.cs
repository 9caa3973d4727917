using System.Collections.Frozen;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Qube.Contracts;

namespace Qube.Storage.ReadModel;

/// <summary>The columns of <c>jobs</c>, said once. Only names from here ever become part of a statement.</summary>
internal static class JobColumns
{
    /// <summary>In the order in which <see cref="Read"/> takes them from a row.</summary>
    public static readonly JobColumn[] Stored =
    [
        JobColumn.Number("id", row => row.JobId.Value),
        JobColumn.Number("version", row => row.Version),
        JobColumn.Number("pgrp", row => row.Pgrp),
        JobColumn.Number("pid", row => row.Pid),
        JobColumn.Text("status", row => row.Status),
        JobColumn.Text("name", row => row.Name),
        JobColumn.Text("user", row => row.User),
        JobColumn.Text("label", row => row.Label),
        JobColumn.Number("priority", row => row.Priority),
        JobColumn.Text("cluster", row => row.Cluster),
        JobColumn.Text("prototype", row => row.Prototype),
        JobColumn.Text("account", row => row.Account),
        JobColumn.Text("kind", row => row.Kind),
        JobColumn.Number("timesubmit", row => row.TimeSubmit),
        JobColumn.Number("timestart", row => row.TimeStart),
        JobColumn.Number("timecomplete", row => row.TimeComplete),
        JobColumn.Number("lastupdate", row => row.LastUpdate),
        JobColumn.Number("cpus", row => row.Cpus),
        JobColumn.Number("todo", row => row.Todo),
    ];

    /// <summary>All of them, between commas.</summary>
    public static readonly string List = string.Join(", ", Stored.Select(column => column.Name));

    /// <summary>The same, as every database takes them: one is a word of PostgreSQL's own (<c>user</c>).</summary>
    public static readonly string Quoted = string.Join(", ", Stored.Select(column => column.Quoted));

    /// <summary>What a client may name, whatever the case, as in Qube!'s own database. <c>type</c> is Qube!'s other word for prototype;
    /// <c>version</c> is ours alone, and a job's dictionary may well have a key of that name.</summary>
    private static readonly FrozenDictionary<string, JobColumn> s_named = Stored
        .Where(column => column.Name != "version")
        .Select(column => KeyValuePair.Create(column.Name, column))
        .Append(KeyValuePair.Create("type", Stored.Single(column => column.Name == "prototype")))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names, for a message.</summary>
    public static string Names => string.Join(", ", s_named.Keys.Order(StringComparer.Ordinal));

    public static bool TryGet(string name, [NotNullWhen(true)] out JobColumn? column) => s_named.TryGetValue(name, out column);

    /// <summary>The row that <see cref="List"/> selected, without its dictionary.</summary>
    public static JobSummary Read(DbDataReader reader) => new()
    {
        JobId = new JobId(reader.GetInt64(0)),
        Version = reader.GetInt64(1),
        Pgrp = reader.GetInt64(2),
        Pid = reader.GetInt64(3),
        Status = reader.GetString(4),
        Name = reader.GetString(5),
        User = reader.GetString(6),
        Label = reader.GetString(7),
        Priority = checked((int)reader.GetInt64(8)),
        Cluster = reader.GetString(9),
        Prototype = reader.GetString(10),
        Account = reader.GetString(11),
        Kind = reader.GetString(12),
        TimeSubmit = reader.GetInt64(13),
        TimeStart = reader.GetInt64(14),
        TimeComplete = reader.GetInt64(15),
        LastUpdate = reader.GetInt64(16),
        Cpus = checked((int)reader.GetInt64(17)),
        Todo = checked((int)reader.GetInt64(18)),
    };
}
