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
    /// <exception cref="FarmAwayException">No answer within the limit, or one that says it cannot.</exception>
    public static async Task<T> AskFarm<T>(this ICanTell target, object question, string whom, TimeSpan limit, CancellationToken cancel)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                var answer = await target.Ask<object>(question, limit / Tries, cancel);
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
