using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Sqlite;

namespace OrderFlow.Storage;

/// <summary>
/// The shop's own tables, in the same file as the events. Events are delivered at least once, so a handler may run twice for one event:
/// <see cref="OnceAsync"/> is how the second run changes nothing and says the same as the first.
/// </summary>
internal sealed class ShopDatabase(SqliteFile file) : IDisposable
{
    // SQLite has one writer at a time; queueing here keeps threads free that would otherwise sleep inside SQLite until it is their turn.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The table of steps and their answers.</summary>
    public static IReadOnlyList<string> Schema { get; } =
    [
        """
        CREATE TABLE IF NOT EXISTS shop_steps (
            step TEXT PRIMARY KEY,
            answer TEXT NOT NULL
        ) WITHOUT ROWID
        """,
    ];

    /// <summary>
    /// Runs a step and keeps its answer in the same transaction. A step of the same name that ran before, even in a process that died
    /// since, does not run again: its answer is returned.
    /// </summary>
    public Task<TAnswer> OnceAsync<TAnswer>(
        string step, JsonTypeInfo<TAnswer> type, Func<ShopTransaction, TAnswer> run, CancellationToken cancellation) =>
        WriteAsync(transaction =>
        {
            var earlier = transaction.First("SELECT answer FROM shop_steps WHERE step = $step", row => row.GetString(0), ("$step", step));
            if (earlier is not null)
                return JsonSerializer.Deserialize(earlier, type)!;
            var answer = run(transaction);
            transaction.Execute("INSERT INTO shop_steps (step, answer) VALUES ($step, $answer)",
                ("$step", step), ("$answer", JsonSerializer.Serialize(answer, type)));
            return answer;
        }, cancellation);

    /// <summary>Changes the tables in one transaction; when it throws, nothing has changed.</summary>
    public async Task<TResult> WriteAsync<TResult>(Func<ShopTransaction, TResult> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            using var connection = file.OpenConnection();
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = work(new ShopTransaction(connection, transaction));
            transaction.Commit();
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads the tables as they were at one moment.</summary>
    public TResult Read<TResult>(Func<ShopTransaction, TResult> work)
    {
        using var connection = file.OpenConnection();
        using var transaction = connection.BeginTransaction(deferred: true);
        return work(new ShopTransaction(connection, transaction));
    }

    public void Dispose() => _turn.Dispose();
}
