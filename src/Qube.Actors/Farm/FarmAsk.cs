using Akka.Actor;
using Qube.Actors.Paging;

namespace Qube.Actors.Farm;

/// <summary>Asks an actor of the farm from outside. Hand-over drops messages, so a question is repeated within its limit: ask only what may be
/// heard twice.</summary>
public static class FarmAsk
{
    private const int Tries = 3;

    /// <summary>The answer.</summary>
    /// <param name="target">Whom to ask.</param>
    /// <param name="question">A query, or a command that carries a request id.</param>
    /// <param name="whom">How an error names the one that did not answer: <c>job 12</c>.</param>
    /// <param name="limit">For all tries together.</param>
    /// <param name="cancel">The client has gone.</param>
    /// <param name="entity">Its name in the shard region that is asked, where the question may be too long for one message; null for others.</param>
    /// <exception cref="FarmAwayException">No answer within the limit, or one that says it cannot.</exception>
    public static async Task<T> AskFarm<T>(this ICanTell target, object question, string whom, TimeSpan limit, CancellationToken cancel, string? entity = null)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                var asked = entity is null || target is not IActorRef region ? question : Pages.ForEntity(region, entity, question);
                var answer = await target.Ask<object>(asked, limit / Tries, cancel);
                return (T)(target is IActorRef near ? await Pages.Whole(answer, near, cancel) : answer);
            }
            catch (AskTimeoutException) when (left > 1)
            {
            }
            catch (AskTimeoutException timeout)
            {
                throw new FarmAwayException($"{whom} did not answer within {limit.TotalSeconds:0.#} seconds; try again", timeout);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new FarmAwayException($"{whom} cannot answer now: {failure.GetBaseException().Message}", failure);
            }
        }
    }
}
