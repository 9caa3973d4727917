using Akka.Configuration;
using Akka.Configuration.Hocon;
using Qube.Actors.Composition;
using Qube.Storage;
using Qube.Wire;

namespace Qube.Node.Roles;

/// <summary>The actor system's configuration: the command line over <c>--config</c> over <c>cluster.hocon</c> over what the parts need.</summary>
internal static class SystemConfig
{
    /// <exception cref="ArgumentException">A configuration file cannot be read, or names a key that nobody knows; the message says which.</exception>
    public static Config Of(UpOptions options)
    {
        var known = Read(Path.Combine(AppContext.BaseDirectory, "cluster.hocon"))
            .WithFallback(StorageConfig.Sqlite(options.Data))
            .WithFallback(WireConfig.Bindings())
            .WithFallback(FarmNode.Config);
        var site = options.ConfigFile is null ? Config.Empty : Read(options.ConfigFile);
        return ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.port = {options.ClusterPort}").WithFallback(site).WithFallback(known);
    }

    private static Config Read(string path)
    {
        try
        {
            return ConfigurationFactory.ParseString(File.ReadAllText(path));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new ArgumentException($"{path}: {failure.Message}", failure);
        }
    }

    /// <summary>A misspelt key would be a setting that silently is none. Checked against a system that has loaded every part's defaults.</summary>
    /// <exception cref="ArgumentException">Names the key.</exception>
    public static void CheckKeys(UpOptions options, Config loaded)
    {
        if (options.ConfigFile is null)
        {
            return;
        }

        foreach (var path in Leaves("", Read(options.ConfigFile).Root))
        {
            if (!loaded.HasPath(path))
            {
                throw new ArgumentException($"{options.ConfigFile}: '{path}' is no key of this program");
            }
        }
    }

    private static IEnumerable<string> Leaves(string path, HoconValue value) => value.IsObject()
        ? value.GetObject().Items.SelectMany(item => Leaves(path.Length == 0 ? item.Key : $"{path}.{item.Key}", item.Value))
        : [path];
}
