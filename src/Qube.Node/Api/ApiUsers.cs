namespace Qube.Node.Api;

// Permissions are names (kill, submit_job, all).
internal sealed record UserEditRequest(string? RequestId, string? User, string? Action, string? Name, string[]? Permissions, string? Group);

// Default: what users have of whom the list says nothing. Admins: administrators whatever it says.
internal sealed record UsersAnswer(IReadOnlyList<UserAnswer> Users, UserAnswer Default, IReadOnlyList<string> Admins);

// Mask and GroupMask are the numbers of permissions; the mask holds for own jobs and the farm, the group's for jobs of its other members.
internal sealed record UserAnswer(string Name, int Mask, IReadOnlyList<string> Permissions, string Group, int GroupMask, IReadOnlyList<string> GroupPermissions);
