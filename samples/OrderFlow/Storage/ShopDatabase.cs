using System.Data.Common;

namespace OrderFlow.Storage;

/// <summary>
/// The shop's own tables, in the same database as the events. Handlers write them in the transaction that they are given; everybody else
/// only reads.
/// </summary>
internal sealed class ShopDatabase(IShopStorage storage, IServiceProvider services)
{
    /// <summary>Stands in the statements that create tables for a column of running numbers.</summary>
    public const string RunningNumber = "{running number}";

    /// <summary>Reads rows.</summary>
    public async Task<IReadOnlyList<TRow>> ReadAsync<TRow>(
        string sql, Func<DbDataReader, TRow> read, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await storage.OpenAsync(services, cancellation);
        await using var command = connection.Command(null, sql, parameters);
        return await command.AllAsync(read, cancellation);
    }

    /// <summary>Creates the tables that are not there.</summary>
    public async Task CreateAsync(IEnumerable<string> statements, CancellationToken cancellation)
    {
        await using var connection = await storage.OpenAsync(services, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (storage.TakeTurns is { } turn)
            await transaction.ExecuteAsync(turn, cancellation);
        foreach (var statement in statements)
            await transaction.ExecuteAsync(statement.Replace(RunningNumber, storage.RunningNumber, StringComparison.Ordinal), cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
