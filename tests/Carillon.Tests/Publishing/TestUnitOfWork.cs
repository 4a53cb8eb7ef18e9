using System.Data.Common;
using Carillon.Tests.Durability;

namespace Carillon.Tests.Publishing;

/// <summary>Somebody else's unit of work.</summary>
internal sealed class TestUnitOfWork : IUnitOfWork, IDisposable
{
    private readonly TestTransaction _transaction = new(new TestConnection());
    private bool _hasEnded;

    public DbConnection Connection => Transaction.Connection!;

    public DbTransaction Transaction
    {
        get
        {
            ObjectDisposedException.ThrowIf(_hasEnded, this);
            return _transaction;
        }
    }

    public ValueTask CommitAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _hasEnded = true;
}
