using Qube.Contracts;

namespace Qube.Storage.ReadModel;

/// <summary>A column of <c>jobs</c> and where its value is in a row.</summary>
internal sealed record JobColumn(string Name, bool IsText, Func<JobSummary, object> ValueOf)
{
    public string Quoted { get; } = $"\"{Name}\"";

    public static JobColumn Text(string name, Func<JobSummary, string> valueOf) => new(name, true, valueOf);

    public static JobColumn Number(string name, Func<JobSummary, long> valueOf) => new(name, false, row => valueOf(row));
}
