using System.Data.Common;
using Carillon.Conformance.Transports;
using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Conformance;

/// <summary>
/// What every store of units of work must do, as tests: each sentence of <see cref="IUnitOfWorkStore"/> and
/// <see cref="IStoreTransaction"/> is one. A store joins with a class that derives from this one and says how to open it.
/// </summary>
public abstract partial class UnitOfWorkStoreConformance : IAsyncLifetime
{
    private const string Subscription = "orders";

    /// <summary>Opens the store. All that is opened in one test works on the same data, which is empty when the test begins.</summary>
    protected abstract ValueTask<IUnitOfWorkStore> OpenStoreAsync();

    /// <summary>Opens the schedule of the store.</summary>
    protected abstract ValueTask<ISchedule> OpenScheduleAsync();

    /// <summary>Opens a connection to the store's database, as a user would.</summary>
    protected abstract ValueTask<DbConnection> OpenConnectionAsync();

    /// <summary>Opens a connection to another database, of the same kind if possible.</summary>
    protected abstract ValueTask<DbConnection> OpenConnectionElsewhereAsync();

    /// <summary>Every message that was appended and committed, in the order in which a relay or a subscription reads them.</summary>
    protected abstract ValueTask<IReadOnlyList<Envelope>> ReadLogAsync();

    /// <summary>Creates the user's table, with the one text column <c>entry</c>.</summary>
    protected virtual string CreateRowsSql => "CREATE TABLE conformance_rows (entry VARCHAR(200) NOT NULL)";

    /// <summary>Whether it is noticed that a statement, such as <c>COMMIT</c>, has ended a transaction. Only a database that is a model may say no.</summary>
    protected virtual bool SeesStatements => true;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Prepares the data of one test. Overrides prepare the database first and call it last.</summary>
    public virtual async ValueTask InitializeAsync()
    {
        await using var connection = await OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = CreateRowsSql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Cleans up after one test. Does nothing unless overridden.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static Envelope Message(int number, string? key = "k") => SampleMessages.Event("a.b", number, key);

    private static ScheduledMessage Due(Envelope message) => new(message, DateTimeOffset.UnixEpoch);

    private static async ValueTask WriteRowAsync(DbTransaction transaction, string entry)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO conformance_rows (entry) VALUES (@entry)";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@entry", entry);
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>The user's rows that are committed, sorted.</summary>
    private async ValueTask<IReadOnlyList<string>> ReadRowsAsync()
    {
        await using var connection = await OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT entry FROM conformance_rows";
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add(reader.GetString(0));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>The numbers of the messages in the log, in its order.</summary>
    private async ValueTask<IReadOnlyList<int>> ReadNumbersAsync() => [.. (await ReadLogAsync()).Select(message => SampleMessages.NumberOf(message))];

    /// <summary>The numbers of everything that was on the schedule and due, which is published by this.</summary>
    private async ValueTask<IReadOnlyList<int>> ReleaseAsync()
    {
        var before = (await ReadNumbersAsync()).Count;
        var schedule = await OpenScheduleAsync();
        while (await schedule.ReleaseAsync(Cancellation) is { Next: { } next } && next <= TimeSpan.Zero)
        {
            // There may be more than fits into one release.
        }

        return [.. (await ReadNumbersAsync()).Skip(before)];
    }
}
