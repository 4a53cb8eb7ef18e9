using System.Data.Common;

namespace Carillon.KillTests;

/// <summary>The statements about effects that every database understands.</summary>
internal static class EffectSql
{
    private const string Insert =
        "INSERT INTO kill_effects (subscription, key, version, message, process, at) VALUES (@subscription, @key, @version, @message, @process, @at)";

    private const string Read =
        "SELECT position, subscription, key, version, message, process, at FROM kill_effects WHERE position > @after ORDER BY position";

    /// <summary>Writes an effect; twice if told twice.</summary>
    public static async ValueTask AddAsync(DbConnection connection, DbTransaction? transaction, Effect effect)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Insert;
        Set(command, "subscription", effect.Subscription);
        Set(command, "key", effect.Key);
        Set(command, "version", effect.Version);
        Set(command, "message", effect.Message);
        Set(command, "process", effect.Process);
        Set(command, "at", effect.At);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads the effects after a position.</summary>
    public static IReadOnlyList<Effect> ReadAfter(DbConnection connection, long position)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Read;
        Set(command, "after", position);
        using var row = command.ExecuteReader();
        var effects = new List<Effect>();
        while (row.Read())
            effects.Add(new Effect(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetString(5), row.GetInt64(6)));
        return effects;
    }

    /// <summary>Gives a parameter its value.</summary>
    public static void Set(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
