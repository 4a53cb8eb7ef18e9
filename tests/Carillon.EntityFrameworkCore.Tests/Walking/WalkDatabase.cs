using System.Data.Common;
using System.Globalization;

namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>What is really there, seen by somebody else; and a store that refuses messages while a row tells it to.</summary>
internal sealed class WalkDatabase(DbConnection connection)
{
    /// <summary>The statement that makes the store refuse messages from now on.</summary>
    public const string Refuse = "INSERT INTO refusals (number) VALUES (1)";

    private long _seen;

    /// <summary>Makes what is needed to refuse.</summary>
    public Task CreateRefusalsAsync(string trigger) => ExecuteAsync($"CREATE TABLE refusals (number integer NOT NULL); {trigger}");

    /// <summary>Lets messages be stored again.</summary>
    public Task AllowAsync() => ExecuteAsync("DELETE FROM refusals");

    public async Task ClearAsync() => await ExecuteAsync("""DELETE FROM "Orders" """);

    public async Task<SortedDictionary<int, decimal>> ReadRowsAsync()
    {
        var rows = new SortedDictionary<int, decimal>();
        await ReadAsync("""SELECT "Number", "Total" FROM "Orders" """, row => rows.Add(row.GetInt32(0), row.GetDecimal(1)));
        return rows;
    }

    /// <summary>The messages that were stored since the last time, in the order of the log.</summary>
    public async Task<List<int>> ReadNewMessagesAsync()
    {
        var messages = new List<int>();
        await ReadAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT position, key FROM carillon_messages WHERE topic = 'order.placed' AND position > {_seen} ORDER BY position"),
            row =>
            {
                _seen = row.GetInt64(0);
                messages.Add(int.Parse(row.GetString(1), CultureInfo.InvariantCulture));
            });
        return messages;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task ReadAsync(string sql, Action<DbDataReader> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await row.ReadAsync(TestContext.Current.CancellationToken))
            read(row);
    }
}
