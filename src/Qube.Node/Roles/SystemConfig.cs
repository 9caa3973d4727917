using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.DistributedData;
using Akka.Event;
using Akka.Persistence;
using Akka.Remote;
using Akka.Remote.Transport.DotNetty;
using Qube.Actors.Composition;
using Qube.Node.Security;
using Qube.Storage;
using Qube.Wire;

namespace Qube.Node.Roles;

/// <summary>The actor system's configuration: the command line over <c>--config</c> over <c>cluster.hocon</c> over what the parts need.</summary>
internal static class SystemConfig
{
    /// <summary>A worker node is no member of the cluster and stores nothing (design §2).</summary>
    private static readonly Config s_worker = ConfigurationFactory.ParseString("akka.actor.provider = remote");

    /// <summary>The configuration's files alone.</summary>
    /// <exception cref="ArgumentException">A configuration file cannot be read; the message says which.</exception>
    public static Config Files(UpOptions options)
    {
        var known = Read(Path.Combine(AppContext.BaseDirectory, "cluster.hocon"));
        return options.ConfigFile is null ? known : Read(options.ConfigFile).WithFallback(known);
    }

    /// <param name="options">What the process was told.</param>
    /// <param name="files"><see cref="Files"/>.</param>
    /// <param name="size">The farm's size; null for a worker.</param>
    public static Config Of(UpOptions options, Config files, FarmSize? size)
    {
        var port = ConfigurationFactory.ParseString(string.Create(
            CultureInfo.InvariantCulture,
            $"akka.remote.dot-netty.tcp {{\n port = {options.ClusterPort}\n hostname = \"{options.Bind}\"\n public-hostname = \"{options.Host}\"\n enable-ssl = {(options.TlsDir is null ? "off" : "on")}\n}}"));
        if (size is null)
        {
            return s_worker.WithFallback(port).WithFallback(files).WithFallback(WireConfig.Bindings());
        }

        var majority = ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $"akka.cluster.role.supervisor.min-nr-of-members = {size.Majority}"));
        var storage = Database(options, files) is { } database ? StorageConfig.PostgreSql(database) : StorageConfig.Sqlite(options.Data);
        return port.WithFallback(majority).WithFallback(files).WithFallback(storage).WithFallback(WireConfig.Bindings()).WithFallback(FarmNode.Config);
    }

    /// <summary>What an actor system is made with: its configuration, its log, and with TLS its certificate and whose others it takes.</summary>
    public static ActorSystemSetup Setup(Config config, ILoggerFactory logging, TlsFiles? tls)
    {
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), FarmLogging.Setup(logging));
        return tls is null
            ? setup
            : setup.WithSetup(new DotNettySslSetup(tls.Certificate, suppressValidation: false, requireMutualAuthentication: true, customValidator: (certificate, chain, peer, _, log) => Accepts(tls, certificate, chain, peer, log)));
    }

    /// <summary>Nodes are known by their authority: their names and addresses change.</summary>
    private static bool Accepts(TlsFiles tls, X509Certificate2? certificate, X509Chain? chain, string peer, ILoggingAdapter log)
    {
        var accepted = tls.Accepts(certificate, chain);
        if (!accepted)
        {
            log.Warning("{0} was refused: its certificate ({1}) is not of this farm's authority, or its time is over", peer, certificate?.Subject ?? "none");
        }

        return accepted;
    }

    /// <summary>The connection string of the farm's database; null is SQLite in the data folder.</summary>
    public static string? Database(UpOptions options, Config files) =>
        new[] { options.Db, Environment.GetEnvironmentVariable("QUBE_DB"), files.GetString("qube.db", "") }.FirstOrDefault(text => !string.IsNullOrEmpty(text));

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

    /// <summary>A misspelt key would be a setting that silently is none. Free names (dispatchers, serializers, deployments) are below <c>akka.actor</c>.</summary>
    /// <exception cref="ArgumentException">Names the key.</exception>
    public static void CheckKeys(UpOptions options, FarmSize size)
    {
        if (options.ConfigFile is null)
        {
            return;
        }

        var own = options with { ConfigFile = null };
        Config[] parts =
        [
            ConfigurationFactory.FromResource<RemoteActorRefProvider>("Akka.Remote.Configuration.Remote.conf"),
            ConfigurationFactory.FromResource<Cluster>("Akka.Cluster.Configuration.Cluster.conf"),
            ClusterSharding.DefaultConfig(),
            ClusterSingleton.DefaultConfig(),
            DistributedPubSub.DefaultConfig(),
            DistributedData.DefaultConfig(),
            Persistence.DefaultConfig(),
            ConfigurationFactory.Default(),
        ];
        var known = parts.Aggregate(Of(own, Files(own), size), (all, part) => all.WithFallback(part));
        foreach (var path in Leaves("", Read(options.ConfigFile).Root))
        {
            if (!path.StartsWith("akka.actor.", StringComparison.Ordinal) && !known.HasPath(path))
            {
                throw new ArgumentException($"{options.ConfigFile}: '{path}' is no key of this program");
            }
        }
    }

    private static IEnumerable<string> Leaves(string path, HoconValue value) => value.IsObject()
        ? value.GetObject().Items.SelectMany(item => Leaves(path.Length == 0 ? item.Key : $"{path}.{item.Key}", item.Value))
        : [path];
}
