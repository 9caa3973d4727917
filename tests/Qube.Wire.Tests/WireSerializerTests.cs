using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Xunit;

namespace Qube.Wire.Tests;

public sealed class WireSerializerTests : IDisposable
{
    private readonly ActorSystem system = ActorSystem.Create(
        "wire",
        WireConfig.Bindings().WithFallback(ConfigurationFactory.ParseString("akka.actor.serialization-settings.allow-unregistered-types = false")));

    public static TheoryData<string> Manifests => new(WireTable.Messages.Select(entry => entry.Manifest));

    public void Dispose() => system.Dispose();

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_give_back_every_message_when_it_crosses_the_wire(string manifest)
    {
        var type = WireTable.Messages.Single(entry => entry.Manifest == manifest).Type;
        for (var seed = 0; seed < 50; seed++)
        {
            var message = Samples.Of(type, new Random(seed));
            var serializer = (WireSerializer)system.Serialization.FindSerializerFor(message);

            var copy = serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message));

            Assert.True(JsonSerializer.Serialize(message, type) == JsonSerializer.Serialize(copy, type), $"seed {seed}: {message} came back as {copy}");
        }
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_give_back_a_blank_message_when_nothing_is_set(string manifest)
    {
        var type = WireTable.Messages.Single(entry => entry.Manifest == manifest).Type;
        var blank = Activator.CreateInstance(type)!;
        var serializer = (WireSerializer)system.Serialization.FindSerializerFor(blank);

        var copy = serializer.FromBinary(serializer.ToBinary(blank), manifest);

        Assert.Equal(JsonSerializer.Serialize(blank, type), JsonSerializer.Serialize(copy, type));
    }

    [Fact]
    public void Should_refuse_a_type_when_it_is_not_in_the_table()
    {
        Assert.Throws<System.Runtime.Serialization.SerializationException>(() => system.Serialization.FindSerializerFor(new Uri("http://x")));
    }

    [Fact]
    public void Should_use_each_manifest_once_when_the_table_is_read()
    {
        Assert.Equal(WireTable.Messages.Length, WireTable.Messages.Select(entry => entry.Manifest).Distinct().Count());
        Assert.Equal(WireTable.Messages.Length, WireTable.Messages.Select(entry => entry.Type).Distinct().Count());
    }

    /// <summary>Golden bytes: journals written yesterday are read tomorrow. A difference here is a new field number at best and lost data at worst;
    /// when a field was added at the end of a record, replace the approved file by the received one.</summary>
    [Fact]
    public void Should_keep_field_numbers_when_records_change()
    {
        var received = string.Join("\n", WireTable.Messages.Select(entry => $"{entry.Manifest} {entry.Type.FullName}"))
            + "\n\n" + WireModel.Model.GetSchema(null, ProtoBuf.Meta.ProtoSyntax.Proto3).ReplaceLineEndings("\n");
        var folder = Path.GetDirectoryName(typeof(WireSerializerTests).Assembly.Location)!;
        var approved = Path.Combine(folder, "wire.approved.txt");
        File.WriteAllText(Path.Combine(folder, "wire.received.txt"), received);

        Assert.Equal(File.Exists(approved) ? File.ReadAllText(approved) : "", received);
    }
}
