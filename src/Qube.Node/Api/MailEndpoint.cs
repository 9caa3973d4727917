namespace Qube.Node.Api;

/// <summary>A test mail from the supervisor itself, with its settings (spec/callbacks.md §12.1).</summary>
internal static class MailEndpoint
{
    public static void Map(RouteGroupBuilder api, ApiOptions options) =>
        api.MapPost("/mailtest", (MailTestRequest request, CancellationToken cancel) => Test(request, options, cancel))
            .WithName("mailtest")
            .WithSummary("Sends a test mail, to the administrator or the address given; answers with the mail server's words.")
            .Produces<MailTestAnswer>();

    private static async Task<IResult> Test(MailTestRequest request, ApiOptions options, CancellationToken cancel)
    {
        if (options.TestMail is not { } send)
        {
            return ApiErrors.Refused("this supervisor sends no mail");
        }

        var outcome = await send(string.IsNullOrWhiteSpace(request.Address) ? null : request.Address, cancel);
        return Results.Json(new MailTestAnswer(outcome.IsDone, outcome.Text), ApiJson.Readable.MailTestAnswer);
    }
}
