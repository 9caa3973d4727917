namespace Qube.Domain.Jobs;

/// <summary>What an event is about.</summary>
public enum LifecycleSubject
{
    Job,
    Subjob,
    Work,
}
