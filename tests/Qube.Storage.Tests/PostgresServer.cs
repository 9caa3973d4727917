using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Qube.Storage.Tests;

/// <summary>A PostgreSQL server of our own on a free loopback port, in a temporary folder, gone with the tests.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Bin = "/usr/lib/postgresql/15/bin";
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-pg-").FullName;
    private readonly int _port = FreePort();
    private readonly bool _isRoot = Environment.UserName == "root";
    private readonly Lazy<string> _shared;
    private int _databases;

    /// <summary>For fixtures: durable, as on a farm.</summary>
    public PostgresServer()
        : this("fsync=on")
    {
    }

    private PostgresServer(string setting)
    {
        _shared = new(NewDatabase);
        if (!File.Exists($"{Bin}/initdb"))
            throw new InvalidOperationException($"PostgreSQL 15 is needed for these tests and {Bin}/initdb is not there. Install it: apt-get install postgresql-15");

        // The server refuses to run as root.
        if (_isRoot)
            Run("chown", "postgres", _folder);
        AsServerUser($"{Bin}/initdb", "-D", $"{_folder}/data", "-A", "trust", "-U", "qube", "--no-sync");
        File.AppendAllText($"{_folder}/data/postgresql.conf", $"\nport={_port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nmax_connections=200\n{setting}\n");
        Start();
    }

    /// <summary>One with a line of its own in postgresql.conf.</summary>
    public static PostgresServer With(string setting) => new(setting);

    /// <summary>A database for tests that clear it themselves.</summary>
    public string Shared => _shared.Value;

    public string NewDatabase()
    {
        var name = $"farm{Interlocked.Increment(ref _databases)}";
        using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        connection.Open();
        using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        create.ExecuteNonQuery();
        return ConnectionString(name);
    }

    public void Start() => AsServerUser($"{Bin}/pg_ctl", "-D", $"{_folder}/data", "-l", $"{_folder}/data/log", "-w", "start");

    /// <summary>As after a crash: no checkpoint, connections cut.</summary>
    public void StopAtOnce() => AsServerUser($"{Bin}/pg_ctl", "-D", $"{_folder}/data", "-m", "immediate", "-w", "stop");

    public void Dispose()
    {
        if (File.Exists($"{_folder}/data/postmaster.pid"))
            StopAtOnce();
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=qube;Database={database}";

    private void AsServerUser(params string[] command)
    {
        if (_isRoot)
            Run("runuser", ["-u", "postgres", "--", .. command]);
        else
            Run(command[0], command[1..]);
    }

    private static void Run(string program, params string[] arguments)
    {
        // Output to nowhere: the server inherits it and would hold a pipe open for ever.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/tmp" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" >/dev/null 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
