using Qube.Domain.Security;

namespace Qube.Node.Api;

/// <summary>Who asks for something, in whose name, and what may be had.</summary>
/// <param name="User">In whose name.</param>
/// <param name="Rights">Null where nobody has to show who he is: then everybody may do everything.</param>
internal sealed record Caller(string User, UserRights? Rights)
{
    public bool Has(Permissions permission) => Rights?.Has(permission) ?? true;

    /// <exception cref="ApiDeniedException">The caller has not this permission.</exception>
    public void Require(Permissions permission, string what)
    {
        if (!Has(permission))
        {
            throw new ApiDeniedException($"{User} has no permission to {what}: that needs {PermissionNames.Name(permission)}");
        }
    }

    public JobOwners Over(Permissions permission) => Rights?.Over(permission) ?? JobOwners.Anybody;
}
