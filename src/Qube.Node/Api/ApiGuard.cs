using Qube.Node.Security;

namespace Qube.Node.Api;

/// <summary>What callers are known by, where they have to show it.</summary>
/// <param name="Tokens">Users' tokens.</param>
/// <param name="Credentials">Those of the farm's own processes.</param>
internal sealed record ApiGuard(TokenFile Tokens, Credentials Credentials);
