namespace Qube.Load;

/// <summary>One step of a <see cref="Scenario"/>. It keeps what it measured where its scenario's <see cref="Scenario.Judge"/> finds it.</summary>
internal sealed record Step(string Name, Func<Task> Run);
