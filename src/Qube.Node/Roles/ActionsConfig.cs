using System.Globalization;
using Akka.Configuration;
using Qube.Actions.External;
using Qube.Actions.Mail;
using Qube.Actions.Scripts;
using Qube.Actions.Webhooks;
using Qube.Actors;

namespace Qube.Node.Roles;

/// <summary>The keys below <c>qube</c> in <c>cluster.hocon</c>: scripts, mail and web hooks.</summary>
internal static class ActionsConfig
{
    /// <exception cref="ArgumentException">A key's value cannot be; the message names it.</exception>
    public static ScriptPoolOptions Scripts(Config config)
    {
        var keys = new Keys(config, "qube.scripts");
        var options = new ScriptPoolOptions
        {
            Interpreter = keys.Text("python"),
            Perl = keys.Text("perl"),
            ScriptUser = keys.Text("user") is { Length: > 0 } user ? user : null,
            Warm = keys.Flag("warm"),
            Niceness = keys.Number("nice"),
        };
        if (keys.Number("zygotes") is > 0 and var zygotes)
        {
            options = options with { Zygotes = zygotes };
        }

        return keys.Number("concurrency") is > 0 and var concurrency ? options with { Concurrency = concurrency } : options;
    }

    /// <summary>The settings with the limits of single runs.</summary>
    public static FarmSettings WithLimits(FarmSettings settings, Config config)
    {
        var keys = new Keys(config, "qube.scripts");
        return settings with
        {
            ScriptTimeLimitSeconds = keys.Seconds("time-limit"),
            ScriptOutputCapBytes = keys.Bytes("output-limit"),
            ScriptMemoryLimitBytes = keys.Bytes("memory-limit"),
            ScriptProcessLimit = keys.Number("process-limit"),
        };
    }

    public static MailOptions Mail(Config config)
    {
        var keys = new Keys(config, "qube.mail");
        return new MailOptions
        {
            Host = keys.Text("host"),
            Port = keys.Number("port"),
            Connection = keys.Text("connection-type") switch
            {
                "" or "DEFAULT" or "default" => MailConnection.Default,
                "SSL" or "ssl" => MailConnection.Ssl,
                "TLS" or "tls" => MailConnection.Tls,
                var other => throw new ArgumentException($"qube.mail.connection-type = {other}: expected DEFAULT, SSL or TLS"),
            },
            User = keys.Text("user"),
            Password = keys.Secret("password"),
            Domain = keys.Text("domain"),
            From = keys.Text("from"),
            Administrator = keys.Text("administrator"),
            JobTemplate = keys.Text("job-template"),
            SubjobTemplate = keys.Text("subjob-template"),
            WorkTemplate = keys.Text("work-template"),
            LicenseTemplate = keys.Text("license-template"),
            CaFile = keys.Text("ca-file"),
            TimeoutSeconds = keys.Seconds("timeout"),
            Concurrency = keys.Number("concurrency"),
            Retry = keys.Retry(),
        };
    }

    public static WebhookOptions Webhooks(Config config)
    {
        var keys = new Keys(config, "qube.webhooks");
        return new WebhookOptions
        {
            Secret = keys.Secret("secret"),
            TimeoutSeconds = keys.Seconds("timeout"),
            Concurrency = keys.Number("concurrency"),
            Retry = keys.Retry(),
        };
    }

    /// <summary>Values by key, with errors that name it.</summary>
    private sealed class Keys(Config config, string path)
    {
        private readonly Config part = config.GetConfig(path);

        public string Text(string key) => Read(key, () => part.GetString(key, "")).Trim();

        public int Number(string key) => Read(key, () => part.GetInt(key));

        public bool Flag(string key) => Read(key, () => part.GetBoolean(key));

        public double Seconds(string key) => Read(key, () => part.GetTimeSpan(key, allowInfinite: false).TotalSeconds);

        public long Bytes(string key) => Read(key, () => part.GetByteSize(key) ?? throw new FormatException("expected a size such as 10M"));

        /// <summary>The key itself, or the first line of the file that <c>KEY-file</c> names: a file can be kept from others' eyes.</summary>
        public string Secret(string key)
        {
            if (Text($"{key}-file") is not { Length: > 0 } file)
            {
                return Text(key);
            }

            try
            {
                return File.ReadLines(file).FirstOrDefault("").Trim();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new ArgumentException($"{path}.{key}-file = {file}: {failure.Message}", failure);
            }
        }

        public RetryOptions Retry() => new()
        {
            Attempts = Number("attempts"),
            FirstWaitSeconds = Seconds("first-wait"),
            LongestWaitSeconds = Seconds("longest-wait"),
        };

        private T Read<T>(string key, Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception failure) when (failure is FormatException or OverflowException or ConfigurationException or InvalidCastException)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{path}.{key}: {failure.Message}"), failure);
            }
        }
    }
}
