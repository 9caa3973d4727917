using System.Collections.Frozen;

namespace Qube.Domain.Archives;

/// <summary>The tags of archives (spec/jobs.md §5.2) for the keys of dictionaries, and what Qube!'s own archives, which mark no types, mean by them.</summary>
internal static class ArchiveTags
{
    private static readonly (string Key, string Tag)[] Table =
    [
        ("localorder", "local_order"), ("globalorder", "global_order"), ("cpustally", "cpus_tally"), ("todotally", "todo_tally"),
        ("timesubmit", "time_submit"), ("timestart", "time_start"), ("timecomplete", "time_complete"), ("lastupdate", "last_update"),
        ("retrysubjob", "retry_subjob"), ("retrywork", "retry_work"), ("retrywork_delay", "retry_work_delay"), ("omithosts", "omit_hosts"),
        ("omitgroups", "omit_groups"), ("prototypepath", "prototype_path"), ("hostorder", "host_order"), ("mailaddress", "mail_address"),
        ("sourcehost", "source_host"), ("subjobstatus", "subjob_status"), ("agendastatus", "agenda_status"), ("flagsstring", "flags_string"),
        ("agenda", "work_list"), ("subjobs", "subjob_list"), ("callbacks", "callback_list"), ("retrydelay", "retry_delay"),
        ("resultpackage", "result_package"), ("logpath", "log_path"), ("serverid", "server_id"),
    ];

    private static readonly FrozenDictionary<string, string> Tags = Table.ToFrozenDictionary(entry => entry.Key, entry => entry.Tag, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Keys = Table
        .Append((Key: "drivemap", Tag: "mounts"))
        .ToFrozenDictionary(entry => entry.Tag, entry => entry.Key, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Numbers = (
        "id pgrp pid cpus max_cpus priority flags todo retrysubjob retrywork retrywork_delay timeout agendatimeout agenda_timeout timelimit agenda_timelimit "
        + "umask p_agenda_priority p_agenda_cpus timesubmit timestart timecomplete lastupdate deadline eta localorder globalorder auto_migrate_count count retry "
        + "retrydelay subid seq percent maximum time_cumulative").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The tag of a key; the key itself where archives spell it no other way.</summary>
    public static string TagOf(string key) => Tags.GetValueOrDefault(key, key);

    public static string KeyOf(string tag) => Keys.GetValueOrDefault(tag, tag);

    /// <summary>Whether a key would come back as another one if it stood as a tag.</summary>
    public static bool IsTaken(string key) => !Tags.ContainsKey(key) && Keys.ContainsKey(key);

    /// <summary>Whether what stands in a tag without a type is a number.</summary>
    public static bool IsNumber(string key) => Numbers.Contains(key);

    /// <summary>What the members of a list are called; null for any other list.</summary>
    public static string? MemberOf(string key) => key switch
    {
        "agenda" => "work",
        "subjobs" => "subjob",
        "callbacks" => "callback",
        _ => null,
    };
}
