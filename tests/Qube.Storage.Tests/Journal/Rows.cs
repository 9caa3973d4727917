using System.Data.Common;

namespace Qube.Storage.Tests.Journal;

internal static class Rows
{
    public static IReadOnlyList<(int SerializerId, string Manifest, string Tags)> Read(DbDataReader reader)
    {
        var rows = new List<(int, string, string)>();
        while (reader.Read())
        {
            var tags = reader.GetString(2).Split(';', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToList();
            rows.Add((reader.GetInt32(0), reader.GetString(1), tags.Count == 0 ? reader.GetString(2) : $";{string.Join(';', tags)};"));
        }

        return rows;
    }
}
