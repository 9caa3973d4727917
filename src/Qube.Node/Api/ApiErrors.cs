using System.Text.Json;
using Qube.Actors.Farm;

namespace Qube.Node.Api;

/// <summary>The one shape of every error: <c>{"error":{"message","job","field","column"}}</c>.</summary>
internal static class ApiErrors
{
    public static IResult Refused(string message, string? job = null, string? field = null, int? column = null) =>
        Result(StatusCodes.Status400BadRequest, message, job, field, column);

    public static IResult NotFound(string message) => Result(StatusCodes.Status404NotFound, message);

    public static IResult Result(int status, string message, string? job = null, string? field = null, int? column = null) => Results.Json(
        new ErrorBody(new(message, job, field, column)), ApiJson.Readable.ErrorBody, statusCode: status);

    /// <summary>Turns what a handler throws into an answer: the farm away is 503 and worth another try, an unreadable request is the client's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">Its handler.</param>
    /// <param name="journalTrouble">What may be the reason when the farm is away; see <see cref="ApiOptions.JournalTrouble"/>.</param>
    public static async Task Answer(HttpContext context, RequestDelegate next, Func<Task<string?>>? journalTrouble)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (FarmAwayException away) when (!context.Response.HasStarted)
        {
            context.Response.Headers.RetryAfter = "1";
            var trouble = journalTrouble is null ? null : await journalTrouble();
            await Result(StatusCodes.Status503ServiceUnavailable, trouble is null ? away.Message : $"{away.Message}; {trouble}").ExecuteAsync(context);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await Result(bad.StatusCode, bad.InnerException is JsonException json ? $"the request is not what was expected: {json.Message}" : bad.Message)
                .ExecuteAsync(context);
        }
        catch (ApiDeniedException denied) when (!context.Response.HasStarted)
        {
            await Result(StatusCodes.Status403Forbidden, denied.Message).ExecuteAsync(context);
        }
        catch (ApiRefusedException refused) when (!context.Response.HasStarted)
        {
            await Refused(refused.Message).ExecuteAsync(context);
        }
    }

    internal sealed record ErrorBody(ErrorDetail Error);

    internal sealed record ErrorDetail(string Message, string? Job, string? Field, int? Column);
}
