using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Qube.Storage.Tests.Journal;

/// <summary>An event that carries one text.</summary>
internal sealed record Noted(string Text);

/// <summary>An event of zero bytes, for which nobody waits.</summary>
internal sealed record Ticked : Qube.Contracts.IPatientEvent;

/// <summary>An event whose serializer throws.</summary>
internal sealed record Unwritable;

internal sealed class TestEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int Id = 91_001;

    public static Config Config { get; } = ConfigurationFactory.ParseString(
        """
        akka.loglevel = WARNING
        akka.stdout-loglevel = OFF
        akka.actor.serializers.test-events = "Qube.Storage.Tests.Journal.TestEventSerializer, Qube.Storage.Tests"
        akka.actor.serialization-bindings."Qube.Storage.Tests.Journal.Noted, Qube.Storage.Tests" = test-events
        akka.actor.serialization-bindings."Qube.Storage.Tests.Journal.Ticked, Qube.Storage.Tests" = test-events
        akka.actor.serialization-bindings."Qube.Storage.Tests.Journal.Unwritable, Qube.Storage.Tests" = test-events
        """);

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        Noted => "n1",
        Ticked => "t1",
        Unwritable => "u1",
        _ => throw new ArgumentException($"no manifest for {o.GetType()}"),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        Noted noted => Encoding.UTF8.GetBytes(noted.Text),
        Ticked => [],
        _ => throw new NotSupportedException($"{obj.GetType().Name} cannot be written"),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "n1" => new Noted(Encoding.UTF8.GetString(bytes)),
        "t1" => new Ticked(),
        _ => throw new ArgumentException($"unknown manifest {manifest}"),
    };
}
