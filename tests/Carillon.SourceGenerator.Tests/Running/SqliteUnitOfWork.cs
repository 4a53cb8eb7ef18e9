using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>A unit of work on a database in memory.</summary>
internal sealed class SqliteUnitOfWork : IUnitOfWork
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly SqliteTransaction _transaction;

    public SqliteUnitOfWork()
    {
        _connection.Open();
        _transaction = _connection.BeginTransaction();
    }

    public DbConnection Connection => _connection;

    public DbTransaction Transaction => _transaction;

    public async ValueTask CommitAsync(CancellationToken cancellation = default) => await _transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
