namespace Qube.Node.Api;

/// <summary>A request says something that cannot be meant; its message is the answer (400).</summary>
internal sealed class ApiRefusedException(string message) : Exception(message);
