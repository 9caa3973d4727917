using Microsoft.Data.Sqlite;

namespace Qube.Storage.ReadModel;

/// <summary>Short words for what every statement here does.</summary>
internal static class SqliteCommands
{
    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row as text, null when there is no row.</summary>
    public static string? Scalar(this SqliteConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteScalar()?.ToString();
    }

    public static SqliteCommand Command(this SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <summary>Binds a parameter, so that the statement stays compiled from row to row.</summary>
    public static void Set(this SqliteCommand command, string name, object value)
    {
        var index = command.Parameters.IndexOf(name);
        if (index < 0)
            command.Parameters.AddWithValue(name, value);
        else
            command.Parameters[index].Value = value;
    }
}
