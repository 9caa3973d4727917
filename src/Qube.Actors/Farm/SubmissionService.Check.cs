using Qube.Contracts;
using Qube.Domain.Submissions;

namespace Qube.Actors.Farm;

/// <content>Dry runs that tell everything at once.</content>
public sealed partial class SubmissionService
{
    /// <summary>What that body would do: all errors, all warnings, the jobs and their links. Nothing is created and no id issued.</summary>
    /// <param name="body">The body of <c>POST /api/v1/jobs</c>.</param>
    /// <param name="sourceHost">Where the request came from, when the body does not say.</param>
    /// <param name="cancel">The client has gone.</param>
    /// <param name="admit">The draft as whoever sent it may have it; throws where it may not be had. Null: as it came.</param>
    /// <exception cref="FarmAwayException">The farm does not answer now.</exception>
    public async Task<SubmissionReport> Check(ReadOnlyMemory<byte> body, string sourceHost, CancellationToken cancel, Func<SubmissionDraft, Task<SubmissionDraft>>? admit = null)
    {
        var (draft, errors) = SubmissionChecker.Read(body);
        if (draft is null || draft.Jobs.IsEmpty)
        {
            return new(errors, [], [], []);
        }

        draft = admit is null ? draft : await admit(draft);
        var last = await farm.Farm.AskFarm<FarmMessages.LastId>(new FarmMessages.GetLastId(), "the farm", options.AskLimit, cancel);
        return SubmissionChecker.Check(draft, errors, await Context(draft, last.Value, sourceHost, cancel));
    }
}
