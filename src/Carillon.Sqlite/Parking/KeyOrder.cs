namespace Carillon.Sqlite;

/// <summary>Keeps the order of a key: everything up to its first message that holds others back is free, the rest waits.</summary>
internal static class KeyOrder
{
    public static void Restore(WriteSession session, string subscription, string? key)
    {
        if (key is null)
            return;
        var (position, parked) = First(session, subscription, key) ?? (long.MaxValue, long.MaxValue);
        foreach (var sql in (ReadOnlySpan<string>)[ParkingSql.Free, ParkingSql.Hold])
            session.Prepare(sql).Set("subscription", subscription).Set("key", key).Set("position", position).Set("parked", parked).Execute();
    }

    /// <summary>Runs a statement that changes one message and returns whose and of which key it was; then restores the order of that key.</summary>
    /// <returns>Whether there was such a message.</returns>
    public static bool Change(WriteSession session, Statement statement)
    {
        string subscription;
        string? key;
        using (var row = statement.Read())
        {
            if (!row.Read())
                return false;
            (subscription, key) = (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1));
        }

        Restore(session, subscription, key);
        session.Changed(FileChange.Parking);
        return true;
    }

    private static (long Position, long Parked)? First(WriteSession session, string subscription, string key)
    {
        using var row = session.Prepare(ParkingSql.First).Set("subscription", subscription).Set("key", key).Read();
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1)) : null;
    }
}
