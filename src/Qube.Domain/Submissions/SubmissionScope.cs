using Qube.Contracts;
using Qube.Domain.Ranges;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>The jobs a submission can speak of: its own, the process group's and those it names by id.</summary>
internal sealed class SubmissionScope
{
    private readonly SubmissionContext _context;
    private readonly JobSpec[] _jobs;
    private readonly Dictionary<string, long> _byLabel = new(StringComparer.Ordinal);
    private readonly Dictionary<long, KnownJob> _known = [];

    public SubmissionScope(SubmissionContext context, JobSpec[] jobs, Agenda?[] agendas)
    {
        _context = context;
        _jobs = jobs;
        foreach (var member in context.Members)
        {
            _byLabel[member.Label] = member.JobId;
        }

        for (var at = 0; at < jobs.Length; at++)
        {
            _byLabel[jobs[at].Label] = jobs[at].JobId.Value;
            _known[jobs[at].JobId.Value] = new(jobs[at].JobId.Value, agendas[at], jobs[at].Instances, null);
        }
    }

    public IReadOnlyCollection<string> Labels => _byLabel.Keys;

    public bool IsInBatch(long jobId) => jobId >= _context.FirstId && jobId < _context.FirstId + _jobs.Length;

    /// <summary>The id a context means to its owner; null for a label nobody has, for no parent and for contexts without a job.</summary>
    public long? Resolve(TriggerContext context, JobSpec owner) => context.Kind switch
    {
        ContextKind.Self => owner.JobId.Value,
        ContextKind.Parent => owner.Pid > 1 ? owner.Pid : null,
        ContextKind.Job => context.JobId,
        ContextKind.Label => LabelMatch.Find(_byLabel.Keys, context.Label) is { } label ? _byLabel[label] : null,
        _ => null,
    };

    /// <summary>The job of that id, or null when it does not exist (any more).</summary>
    public KnownJob? Find(long jobId)
    {
        if (_known.TryGetValue(jobId, out var known))
        {
            return known;
        }

        if (!_context.Sources.TryGetValue(jobId, out var source) || !source.Exists || source.Removed)
        {
            return null;
        }

        var agenda = source.Agenda is null ? null : Agenda.FromSpec(source.Agenda).Value;
        known = new(jobId, agenda is { Count: > 0 } ? agenda : null, source.Instances, source);
        _known[jobId] = known;
        return known;
    }

    /// <summary>As <see cref="Find(long)"/>, for a context; a client cannot know an id before it is issued, so a number above
    /// <see cref="SubmissionContext.LastIssuedId"/> is nobody's, though this very batch may come to bear it.</summary>
    public KnownJob? Find(TriggerContext context, JobSpec owner) => Resolve(context, owner) is not { } id
        || (context.Kind is ContextKind.Job or ContextKind.Parent && id > _context.LastIssuedId)
            ? null
            : Find(id);
}
