using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Qube.Node.Tests")]
