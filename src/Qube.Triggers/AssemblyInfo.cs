using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Qube.Triggers.Tests")]
