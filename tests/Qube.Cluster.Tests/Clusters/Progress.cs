using System.Diagnostics;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>How long each part of a long test took: for information, no test asserts a time.</summary>
internal sealed class Progress(ITestOutputHelper output)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();

    /// <param name="what">What has just come to its end.</param>
    public void Note(string what)
    {
        output.WriteLine($"{what}: {clock.Elapsed.TotalSeconds:0.0} s");
        clock.Restart();
    }
}
