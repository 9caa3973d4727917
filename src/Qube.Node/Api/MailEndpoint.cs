using Qube.Actors;
using Qube.Domain.Security;

namespace Qube.Node.Api;

/// <summary>A test mail from the supervisor itself, with its settings (spec/callbacks.md §12.1).</summary>
internal static class MailEndpoint
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        var access = new Access(farm, options);
        api.MapPost("/mailtest", (MailTestRequest request, HttpContext context) => Test(request, context, access, options))
            .WithName("mailtest")
            .WithSummary("Sends a test mail, to the administrator or the address given; answers with the mail server's words.")
            .Produces<MailTestAnswer>();
    }

    private static async Task<IResult> Test(MailTestRequest request, HttpContext context, Access access, ApiOptions options)
    {
        await access.With(context, null, Permissions.Admin, "send test mails");
        if (options.TestMail is not { } send)
        {
            return ApiErrors.Refused("this supervisor sends no mail");
        }

        var outcome = await send(string.IsNullOrWhiteSpace(request.Address) ? null : request.Address, context.RequestAborted);
        return Results.Json(new MailTestAnswer(outcome.IsDone, outcome.Text), ApiJson.Readable.MailTestAnswer);
    }
}
