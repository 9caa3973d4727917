using System.Text;
using Qube.Actions.External;

namespace Qube.Actions.Webhooks;

/// <summary>How web hooks are sent.</summary>
public sealed record WebhookOptions
{
    /// <summary>What bodies are signed with; null or empty: they are not signed.</summary>
    public string? Secret { get; init; }

    /// <summary>Seconds that one attempt may take, the answer's headers included; default 10.</summary>
    public double TimeoutSeconds { get; init; } = 10;

    /// <summary>Attempts at one time over all jobs; default 32. Waiting for the next attempt counts for none.</summary>
    public int Concurrency { get; init; } = 32;

    public RetryOptions Retry { get; init; } = new();

    /// <exception cref="ArgumentException">A value is out of bounds; the message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TimeoutSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(Concurrency, 1);
        Retry.Validate();
    }

    /// <summary>Without the secret: options get into logs.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"IsSigned = {!string.IsNullOrEmpty(Secret)}, TimeoutSeconds = {TimeoutSeconds}, Concurrency = {Concurrency}, Retry = {Retry}");
        return true;
    }
}
