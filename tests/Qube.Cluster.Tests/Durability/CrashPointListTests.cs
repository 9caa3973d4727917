using System.Reflection;
using System.Text.RegularExpressions;
using Qube.Actors.Workers;
using Qube.Cluster.Tests.Farms;
using Qube.Contracts;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>No crash point is forgotten: what the sources pass is what the tests arm.</summary>
public sealed partial class CrashPointListTests
{
    [Fact]
    public void Should_be_in_the_list_when_the_sources_pass_it()
    {
        var constants = new[] { typeof(CrashPointNames), typeof(WorkerCrashPoints) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
                .Select(field => (Name: $"{type.Name}.{field.Name}", Value: (string)field.GetRawConstantValue()!)))
            .ToDictionary(constant => constant.Name, constant => constant.Value);

        var passed = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .SelectMany(path => Pass().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value))
            .Where(argument => argument != "string name")
            .Select(argument => constants.GetValueOrDefault(argument, $"{argument}, which is no constant"))
            .ToHashSet();

        Assert.Equal(passed.Order(), CrashPointList.All.Order());
        Assert.Equal(constants.Values.Order(), CrashPointList.All.Order());
    }

    [GeneratedRegex(@"\bPass\(([^)]*)\);")]
    private static partial Regex Pass();
}
