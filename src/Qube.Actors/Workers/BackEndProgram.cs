namespace Qube.Actors.Workers;

/// <summary>How the back end of a job type is started on this host.</summary>
/// <param name="Arguments">Program, then arguments.</param>
/// <param name="Folder">The job type's folder, which comes first on the interpreter's module path.</param>
/// <param name="ModulePathVariable"><c>PYTHONPATH</c> or <c>PERL5LIB</c>.</param>
/// <param name="ModulePath">Where the module <c>qb</c> is.</param>
public sealed record BackEndProgram(IReadOnlyList<string> Arguments, string Folder, string ModulePathVariable, string ModulePath);
