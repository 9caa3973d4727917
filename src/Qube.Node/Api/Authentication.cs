using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Node.Security;

namespace Qube.Node.Api;

/// <summary>Who sends a request: with a guard, every route but those of <c>/healthz/</c> needs <c>Authorization: Bearer TOKEN</c>.</summary>
internal sealed class Authentication(ApiGuard guard, FarmRefs farm, ApiOptions options)
{
    private const string Scheme = "Bearer ";
    private static readonly object s_user = new();
    private static readonly object s_isOwn = new();

    /// <summary>Whose token came with it; null where none is asked for.</summary>
    public static string? UserOf(HttpContext context) => context.Items.TryGetValue(s_user, out var user) ? (string?)user : null;

    /// <summary>Whether it is a process of the farm's own. The account that such a one runs as, which its client names, is its host's and says nothing.</summary>
    public static bool IsOwnProcess(HttpContext context) => context.Items.ContainsKey(s_isOwn);

    public async Task Check(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var (user, problem) = await Caller(context);
        if (user is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await ApiErrors.Result(StatusCodes.Status401Unauthorized, problem).ExecuteAsync(context);
            return;
        }

        context.Items[s_user] = user;
        await next(context);
    }

    private async Task<(string? User, string Problem)> Caller(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, "this supervisor asks for a token: QB_TOKEN, or a file named by QB_TOKEN_FILE or --token-file");
        }

        var token = header[Scheme.Length..].Trim();
        var firing = context.Request.Headers["X-Qube-Firing"].ToString();
        if (!Credentials.LooksLikeOne(token))
        {
            // Who could number calls of another's firing could have the script's own taken for done.
            return guard.Tokens.UserOf(token) is not { } user ? (null, "this supervisor does not know the token")
                : firing.Length > 0 ? (null, "only the script of a firing asks for it")
                : (user, "");
        }

        if (guard.Credentials.Read(token, options.Time.GetUtcNow()) is not { } credential)
        {
            return (null, "this supervisor does not know the token, or its time is over");
        }

        if (firing.Length > 0 && firing != credential.Firing)
        {
            return (null, "only the script of a firing asks for it");
        }

        context.Items[s_isOwn] = true;
        return credential.IsOfScript || await Runs(credential.Job, context.RequestAborted)
            ? (credential.User, "")
            : (null, $"job {credential.Job} is done, and its processes ask for nothing any more");
    }

    private async Task<bool> Runs(long job, CancellationToken cancel)
    {
        var source = await farm.Jobs.AskFarm<JobMessages.Source>(new JobMessages.GetSource { JobId = new(job) }, $"job {job}", options.AskLimit, cancel);
        return source is { Exists: true, Removed: false } && !source.Status.IsTerminal();
    }
}
