using Akka.Configuration;

namespace Qube.Wire;

/// <summary>Binds every message and event to <see cref="WireSerializer"/>.</summary>
public static class WireConfig
{
    public static Config Bindings()
    {
        var lines = new List<string> { $"akka.actor.serializers.qube = \"{typeof(WireSerializer).AssemblyQualifiedName}\"" };
        lines.AddRange(WireTable.Messages.Select(entry => $"akka.actor.serialization-bindings.\"{entry.Type.FullName}, {entry.Type.Assembly.GetName().Name}\" = qube"));
        return ConfigurationFactory.ParseString(string.Join('\n', lines));
    }
}
