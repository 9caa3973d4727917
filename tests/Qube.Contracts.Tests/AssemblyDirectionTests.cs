using System.Reflection;
using Xunit;

namespace Qube.Contracts.Tests;

/// <summary>Who may know whom (design §6): Contracts ← {Triggers, Domain, Wire} ← {Storage, Actors, Actions} ← Node.</summary>
public sealed class AssemblyDirectionTests
{
    private const BindingFlags Every = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData("Qube.Contracts", "")]
    [InlineData("Qube.Triggers", "Qube.Contracts")]
    [InlineData("Qube.Domain", "Qube.Contracts,Qube.Triggers")]
    [InlineData("Qube.Wire", "Qube.Contracts")]
    [InlineData("Qube.Storage", "Qube.Contracts,Qube.Triggers,Qube.Domain,Qube.Wire")]
    [InlineData("Qube.Actors", "Qube.Contracts,Qube.Triggers,Qube.Domain,Qube.Wire")]
    [InlineData("Qube.Actions", "Qube.Contracts,Qube.Triggers,Qube.Domain,Qube.Wire")]
    public void Should_know_only_those_below_it(string assembly, string mayKnow)
    {
        var known = References(assembly).Where(name => name.StartsWith("Qube.", StringComparison.Ordinal)).ToArray();

        Assert.All(known, name => Assert.Contains(name, mayKnow.Split(',')));
    }

    [Theory]
    [InlineData("Qube.Contracts")]
    [InlineData("Qube.Triggers")]
    [InlineData("Qube.Domain")]
    [InlineData("Qube.Actions")]
    public void Should_name_no_actor_type_when_it_holds_rules(string assembly) =>
        Assert.DoesNotContain(References(assembly), name => name.StartsWith("Akka", StringComparison.Ordinal));

    [Fact]
    public void Should_name_no_actor_type_when_it_is_the_launcher()
    {
        var launcher = Load("qube").GetTypes().Where(type => type.Namespace == "Qube.Node.Launcher").ToArray();

        Assert.NotEmpty(launcher);
        Assert.All(launcher, type => Assert.All(TypesIn(type), used => Assert.False(
            used.Assembly.GetName().Name!.StartsWith("Akka", StringComparison.Ordinal) || used.Assembly.GetName().Name == "Qube.Actors",
            $"{type} names {used}")));
    }

    private static Assembly Load(string name) => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    private static string[] References(string assembly) => [.. Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)];

    private static IEnumerable<Type> TypesIn(Type type) =>
        type.GetFields(Every).Select(field => field.FieldType)
            .Concat(type.GetProperties(Every).Select(property => property.PropertyType))
            .Concat(type.GetMethods(Every).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
            .Concat(type.GetMethods(Every).SelectMany(method => method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []))
            .Concat(type.GetInterfaces())
            .Append(type.BaseType ?? typeof(object));
}
