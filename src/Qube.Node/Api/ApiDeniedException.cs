namespace Qube.Node.Api;

/// <summary>The caller is known and may not have this done: 403.</summary>
internal sealed class ApiDeniedException(string message) : Exception(message);
