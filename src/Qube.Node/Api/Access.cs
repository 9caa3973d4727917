using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Security;
using Qube.Domain.Submissions;

namespace Qube.Node.Api;

/// <summary>Finds what whoever sent a request may do. The farm is asked at every request: a right that was taken away is gone at once.</summary>
internal sealed class Access(FarmRefs farm, ApiOptions options)
{
    /// <param name="context">The request; <see cref="Authentication"/> has said whose it is.</param>
    /// <param name="named">The user that the body names; empty or null for none.</param>
    /// <exception cref="ApiDeniedException">The caller may not ask in that user's name.</exception>
    public Task<Caller> Of(HttpContext context, string? named) => InNameOf(context, Authentication.IsOwnProcess(context) ? null : named);

    /// <summary>As <see cref="Of"/>, where the name is one that was chosen: a callback's owner, say.</summary>
    /// <exception cref="ApiDeniedException">The caller may not ask in that user's name.</exception>
    public async Task<Caller> InNameOf(HttpContext context, string? named)
    {
        if (Authentication.UserOf(context) is not { } user)
        {
            return new(named ?? "", null);
        }

        var own = await RightsOf(user, context.RequestAborted);
        return new(string.IsNullOrEmpty(named) ? user : named, await InNameOf(own, named, context.RequestAborted));
    }

    /// <summary>As <see cref="Of"/>, for what needs a permission on the farm.</summary>
    /// <exception cref="ApiDeniedException">The caller has not that permission.</exception>
    public async Task<Caller> With(HttpContext context, string? named, Permissions permission, string what)
    {
        var caller = await Of(context, named);
        caller.Require(permission, what);
        return caller;
    }

    /// <summary>A submission as it may be made by whoever sent it: in whose name each part is, and what each may.</summary>
    /// <exception cref="ApiDeniedException">Somebody named in it may not have this, or may not be named.</exception>
    public async Task<SubmissionDraft> Admit(HttpContext context, SubmissionDraft draft)
    {
        if (Authentication.UserOf(context) is not { } user)
        {
            return draft;
        }

        var own = await RightsOf(user, context.RequestAborted);
        draft = draft with
        {
            User = draft.User.Length > 0 && !Authentication.IsOwnProcess(context) ? draft.User : user,
            RequestId = ApiEndpoints.FiringRequestId(context.Request) is null && draft.RequestId.Length > 0 ? ApiEndpoints.OwnRequestId(context, draft.RequestId) : draft.RequestId,
        };
        var known = new Dictionary<string, Caller>(StringComparer.Ordinal);
        foreach (var name in SubmissionUsers.Of(draft))
        {
            known[name] = new(name, await InNameOf(own, name, context.RequestAborted));
        }

        foreach (var (name, permission) in SubmissionUsers.Needs(draft))
        {
            known[name].Require(permission, "submit this");
        }

        return draft;
    }

    private async Task<UserRights> InNameOf(UserRights own, string? named, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(named) || named == own.User)
        {
            return own;
        }

        var other = await RightsOf(named, cancel);
        return own.MayActAs(other)
            ? own.As(other)
            : throw new ApiDeniedException($"{own.User} has no permission to ask in the name of {named}: that needs impersonate, and of an administrator, admin");
    }

    private async Task<UserRights> RightsOf(string user, CancellationToken cancel)
    {
        var known = await farm.Farm.AskFarm<UserMessages.Known>(new UserMessages.GetUser { Name = user }, "the farm", options.AskLimit, cancel);
        return UserRights.Of(user, known.Entry, known.Members);
    }
}
